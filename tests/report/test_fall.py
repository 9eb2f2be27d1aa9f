"""The waterfall shows the parts of the retrieval loss where a run records them, in the terminal and on the page."""

import io
import re

import pytest
from rich.console import Console

import traceeval
from traceeval.model import Reference, Waterfall
from traceeval.report import render_text
from traceeval.report._fall import fall_rows
from traceeval.report.plots import waterfall_plot
from traceeval.testing import model, retrieval, trace

NAME = '"><script>alert(1)</script>\x1b[31m'
WHOLE = Waterfall(
    k=10, n=2, total=0.5, retrieval=0.3, rerank=0.15, assembly=0.05,
    parts={"corpus": 0.1, "recall": 0.15, "fusion": 0.05}, searches={"bm25": 0.25, "dense": -0.1},
)  # fmt: skip


@pytest.fixture(scope="module")
def run():
    searches = (retrieval("a", id="one", source=NAME), retrieval("b", id="two", source="dense"))
    spans = (*searches, retrieval("b", id="f", reads=("one", "two")), model("x", prompt=[("system", "[b]")]))
    return traceeval.evaluate([trace(*spans, reference=Reference(documents={"a": 1, "b": 1, "c": 1}))])


def test_rows_below_a_row_add_up_to_it():
    rows = list(fall_rows(WHOLE))
    assert [name for _, name, _ in rows] == [
        "retrieval", "corpus", "recall", "bm25", "dense", "fusion", "rerank", "assembly", "total",
    ]  # fmt: skip
    for depth, parent in ((1, "retrieval"), (2, "recall")):
        told = next(value for _, name, value in rows if name == parent)
        assert sum(value for level, _, value in rows if level == depth) == pytest.approx(told)


def test_each_bar_begins_where_the_one_before_of_its_depth_ended():
    bars = re.findall(r'<rect class="([\w ]+)" x="([\d.]+)" y="[\d.]+" width="([\d.]+)"', waterfall_plot(WHOLE))
    ends = [(kind, (float(x) - 130) / 420, (float(x) + float(width) - 130) / 420) for kind, x, width in bars]
    expected = [
        ("whole", 0, 1),
        ("loss", 0.7, 1),
        ("loss part1", 0.9, 1),
        ("loss part1", 0.75, 0.9),
        ("loss part2", 0.65, 0.9),
        ("gain part2", 0.65, 0.75),
        ("loss part1", 0.7, 0.75),
        ("loss", 0.55, 0.7),
        ("loss", 0.5, 0.55),
        ("whole", 0, 0.5),
    ]
    assert [kind for kind, _, _ in ends] == [kind for kind, _, _ in expected]
    for (_, low, high), (_, least, most) in zip(ends, expected, strict=True):
        assert (low, high) == pytest.approx((least, most), abs=0.003)


def test_the_terminal_shows_the_parts_and_neutralises_the_names_of_retrievers(run):
    out = io.StringIO()
    render_text(run.summary(), Console(file=out, width=100, color_system=None))
    told = out.getvalue()
    assert re.search(r"^  recall +0\.\d", told, re.M)
    assert re.search(r"^    dense ", told, re.M)
    assert re.search(r"^  fusion +0\.\d", told, re.M)
    assert "\x1b" not in told


def test_the_page_shows_them_and_no_name_becomes_markup(run):
    page = run.report.read_text(encoding="utf-8")
    assert ">fusion</text>" in page
    assert ">dense</text>" in page
    assert "<script>" not in page


def test_a_run_of_single_searches_shows_the_three_terms_alone():
    spans = (retrieval("a"), model("x", prompt=[("system", "[a]")]))
    fall = traceeval.evaluate([trace(*spans, reference=Reference(documents={"a": 1, "b": 1}))]).summary().waterfall
    assert [name for _, name, _ in fall_rows(fall)] == ["retrieval", "ranking", "assembly", "total"]
