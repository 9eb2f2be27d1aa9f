"""Pictures of the pages for the docs: `make screenshots` keeps them, `make soak` only makes sure that they can be made."""

import os
import re
from pathlib import Path

import pytest

KEPT = os.environ.get("TRACEEVAL_SCREENSHOTS")
NAMES = ("groundedness", "tool_use", "trajectory", "safety", "accuracy")


def claim(page, queue):
    page.click(f'form[action$="/{queue}/claim"] button:not([disabled])')
    page.wait_for_url(re.compile(r"/\d+$"))


def marks(page, mark):
    for name in NAMES:
        page.check(f'input[name="mark.{name}"][value="{mark}"]', force=True)


def work(page, address):
    page.goto(f"{address}/review")
    claim(page, "default")
    page.check('input[name="mark.groundedness"][value="4"]', force=True)
    page.check('input[name="mark.tool_use"][value="2"]', force=True)


def pair(page, address):
    page.goto(f"{address}/review")
    claim(page, "side%20by%20side")
    for mark in ("4", "3"):
        marks(page, mark)
        page.click("#go")
        page.wait_for_url(re.compile("said=step"))
    page.check('input[name="preference"][value="a"]', force=True)


def dispute(page, address):
    page.goto(f"{address}/adjudicate")
    claim(page, "default")
    marks(page, "3")
    page.fill("#i-rationale", "The source excludes water damage; the answer turns it round.")
    page.click(".actions .go")
    page.wait_for_url(re.compile("said=blind"))


STATES = {
    "home": ("ben", "/review", None, {}),
    "work": ("ben", None, work, {}),
    "side-by-side": ("ana", None, pair, {}),
    "dispute": ("cleo", None, dispute, {}),
    "lead": ("lena", "/queue/default", None, {}),
    "results": ("lena", "/queue/default/results", None, {}),
    "ledger": ("otto", "/audit", None, {}),
}


@pytest.mark.soak
@pytest.mark.parametrize("name", STATES)
def test_a_picture_of_the_page(open_as, site, tmp_path, name):
    who, path, act, options = STATES[name]
    page = open_as(who, viewport={"width": 1440, "height": 900}, **options)
    if act is None:
        page.goto(site.address + path)
    else:
        act(page, site.address)
        page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    made = Path(KEPT or tmp_path) / f"{name}.png"
    made.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(made))
    assert made.read_bytes().startswith(b"\x89PNG")
