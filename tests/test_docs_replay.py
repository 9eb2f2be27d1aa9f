"""What the page on replay shows of the suites stands in them, and its figures are theirs."""

import re
from pathlib import Path

import pytest
from tests.scenarios._suites import shipped

from traceeval.replay import cells_of

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "replay.md").read_text(encoding="utf-8")
EXCERPTS = re.findall(r"^```(?:yaml|json|py)\n# (scenarios/\S+)\n(.*?)^```", PAGE, flags=re.MULTILINE | re.DOTALL)


def plain(text):
    """Without the spaces a formatter or a page may change."""
    return re.sub(r"\s+", " ", text)


@pytest.mark.parametrize(("file", "shown"), EXCERPTS, ids=[f"{n}-{file}" for n, (file, _) in enumerate(EXCERPTS)])
def test_an_excerpt_stands_in_its_file_part_by_part_and_in_order(file, shown):
    text, place = plain((ROOT / file).read_text(encoding="utf-8")), 0
    for part in shown.split("...\n"):
        place = text.find(plain(part).strip(), place)
        assert place >= 0, part


def test_there_are_excerpts_of_every_kind_of_file():
    assert {Path(file).name for file, _ in EXCERPTS} == {
        "state.json",
        "bank.py",
        "tools.yaml",
        "suite.yaml",
        "bills.yaml",
    }


def counted(kind):
    cells = [cell for one in shipped("support_desk").scenarios for cell in cells_of(one)]
    return sum(getattr(cell, kind) is not None for cell in cells)


def test_the_page_counts_the_cells_of_the_demo():
    scenarios = len(shipped("support_desk").scenarios)
    said = (
        f"{scenarios} scenarios as written, {counted('variant')} with other words, {counted('fault')} under faults and "
        f"{counted('injection')} under attack, eight times each"
    )
    assert said in PAGE


@pytest.mark.parametrize("name", ["support_desk", "payments", "files"])
def test_the_page_counts_the_scenarios_of_each_suite(name):
    (row,) = re.findall(rf"^\| `{name}` \| .* \| (\d+) \|$", PAGE, flags=re.MULTILINE)
    assert int(row) == len(shipped(name).scenarios)
