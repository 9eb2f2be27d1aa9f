"""Every page state against axe-core, WCAG 2.2 A and AA. It runs beside the policy; the policy is tested apart."""

import re

import pytest

from traceeval.web import _reply

RUN = "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"
STATES = {
    "login": (None, "/auth/login"),
    "home": ("ana", "/review"),
    "account": ("ana", "/account"),
    "trace": ("ana", "/trace/1"),
    "rubric": ("ana", "/rubric/starter/1"),
    "refused": ("ana", "/audit"),
    "missing": ("ana", "/nowhere"),
    "disputes": ("cleo", "/adjudicate"),
    "queues": ("lena", "/queues"),
    "queue": ("lena", "/queue/default"),
    "items": ("lena", "/queue/default/items"),
    "drafts": ("ben", "/review/drafts"),
    "rounds": ("lena", "/queue/default/rounds"),
    "results": ("lena", "/queue/default/results"),
    "audit": ("otto", "/audit"),
    "people": ("root", "/people"),
}


def violations(page, axe):
    page.evaluate(axe)
    found = page.evaluate(f"{RUN}.then((found) => found.violations)")
    return [
        (one["id"], one["nodes"][0]["html"][:160], one["nodes"][0].get("failureSummary", "")[:200]) for one in found
    ]


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.soak)])
def test_no_page_has_a_violation(open_as, site, axe, scheme):
    found = {}
    for name, (who, path) in STATES.items():
        page = open_as(who, bypass_csp=True, color_scheme=scheme)
        page.goto(site.address + path)
        found[name] = violations(page, axe)
        page.context.close()
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize(("written", "instead"), [('<html lang="en">', "<html>"), ("<label", "<span"), ("<h1", "<h4")])
def test_a_page_that_shuts_somebody_out_is_found(open_as, site, axe, monkeypatch, written, instead):
    render = _reply.render
    monkeypatch.setattr(_reply, "render", lambda *args, **values: render(*args, **values).replace(written, instead))
    page = open_as(bypass_csp=True)
    page.goto(f"{site.address}/auth/login")
    assert violations(page, axe) != []


def test_no_state_of_the_work_page_has_a_violation(open_as, site, axe):
    page = open_as("ben", bypass_csp=True)
    page.goto(f"{site.address}/review")
    page.click("button.go:not([disabled])")
    page.wait_for_url(re.compile(r"/review/slot/\d+"))
    assert violations(page, axe) == []
    page.click(".anchors summary >> nth=0")
    page.keyboard.press("?")
    assert violations(page, axe) == []
    page.keyboard.press("Escape")
    page.click("#go")
    assert violations(page, axe) == []


def test_no_state_of_a_dispute_has_a_violation(open_as, site, axe):
    page = open_as("cleo", bypass_csp=True)
    page.goto(f"{site.address}/adjudicate")
    page.click("button.go:not([disabled])")
    page.wait_for_url(re.compile(r"/adjudicate/\d+"))
    assert violations(page, axe) == []
    for name in ("groundedness", "tool_use", "trajectory", "safety", "accuracy"):
        page.check(f'input[name="mark.{name}"][value="4"]', force=True)
    page.fill("#i-rationale", "The source excludes water damage; the answer turns it round.")
    page.click(".actions .go")
    page.wait_for_url(re.compile("said=blind"))
    assert violations(page, axe) == []


def test_no_step_of_a_protocol_has_a_violation(open_as, site, axe):
    page = open_as("ana", bypass_csp=True)
    page.goto(f"{site.address}/review")
    page.click('form[action$="/side%20by%20side/claim"] button')
    for mark in ("4", "3"):
        assert violations(page, axe) == []
        for name in ("groundedness", "tool_use", "trajectory", "safety", "accuracy"):
            page.check(f'input[name="mark.{name}"][value="{mark}"]', force=True)
        page.click("#go")
        page.wait_for_url(re.compile("said=step"))
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert violations(page, axe) == []
