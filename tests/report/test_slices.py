"""Slices as people read them: sentences, tables, a plot."""

import io
import re
from html.parser import HTMLParser

import pytest
from rich.console import Console

import traceeval
from traceeval.model import Aggregate, SliceField, SliceRow, Slices
from traceeval.report import render_text
from traceeval.report._slices import slices_headline, slices_notes, worst_line, worst_slices
from traceeval.report.slice_plot import MOST, slice_plot
from traceeval.testing import model, trace

ATTACK = '"><script>alert(1)</script>\x1b[31m\u202e'


def score(mean=0.5, *, scorer="outcome", n=20, failed=0, lower=None, upper=None, better="higher"):
    return Aggregate(
        scorer=scorer,
        mean=mean,
        coverage=n / (n + failed),
        lower=mean if lower is None else lower,
        upper=mean if upper is None else upper,
        counts={"scored": n, "failed": failed, "undefined": 0, "not_applicable": 0},
        low=mean - 0.1,
        high=mean + 0.1,
        better=better,
    )


def row(where, mean=0.5, *, rank=None, scorer="outcome", **fields):
    aggregate = fields.pop("score", None) or score(mean, scorer=scorer)
    given = {"rest": 0.9, "worse": 0.9 - mean, "low": 0.2, "high": 0.6, "p": 0.001, "q": 0.004}
    return SliceRow(where=where, traces=20, score=aggregate, rank=rank, **{**given, **fields})


def told(*rows, fields=("tenant",), notes=None, **numbers):
    named = tuple(
        SliceField(name=name, values=len(rows), known=40, note=(notes or {}).get(name, "")) for name in fields
    )
    given = {"traces": 40, "units": 40, "comparisons": 12, "rate": 0.05, "smallest": 10}
    scorers = dict.fromkeys(one.score.scorer for one in rows) or {"outcome": None}
    overall = tuple(score(0.8, scorer=name) for name in scorers)
    return Slices(fields=named, rows=rows, overall=overall, **{**given, **numbers})


def test_a_slice_that_is_worse_on_several_scores_is_one_line_with_the_worst_of_them():
    where = {"tenant": "acme"}
    slices = told(
        row(where, rank=2, scorer="generator.passed"),
        row(where, rank=1),
        row({"tenant": "b"}, rank=3),
        row({"tenant": "c"}),
    )
    found = worst_slices(slices)
    assert [(one.row.where["tenant"], one.row.rank, one.also) for one in found] == [
        ("acme", 1, ("generator passed",)),
        ("b", 3, ()),
    ]
    assert slices_headline(slices).startswith("2 slices are reliably worse than the rest (12 comparisons")


def test_the_headline_says_when_nothing_is_worse_and_when_nothing_could_be_compared():
    assert slices_headline(told(row({"tenant": "a"}))).startswith("No slice is reliably worse than the rest (12 comp")
    assert "need 10 scored traces that differ" in slices_headline(told(row({"tenant": "a"}), comparisons=0))


def test_the_worst_line_is_one_line_and_neutral():
    line = worst_line(row({"tenant": ATTACK}, rank=1))
    assert line.startswith("Worst slice: tenant = ")
    assert not re.search("[\x00-\x1f\u202e]", line)


def test_notes_tell_of_repeated_cases_left_out_fields_and_other_coverage():
    less = row({"tenant": "a"}, score=score(0.9, n=5, failed=15, lower=0.2), coverage_q=0.001)
    notes = "\n".join(slices_notes(told(less, units=10, notes={"tenant": "too many"})))
    assert "40 traces are 10 cases" in notes
    assert "tenant: too many" in notes
    assert "tenant = a: end result could be scored for 25 % (100 % overall)" in notes
    assert list(slices_notes(told(row({"tenant": "a"}, coverage_q=0.2)))) == []


class Drawing(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.words, self.open = [], [], [], []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        self.open.pop()

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


def test_a_plot_shows_every_slice_against_the_whole_worst_first():
    rows = [
        row({"tenant": "b"}, 0.8, worse=0.1),
        row({"tenant": "a"}, 0.4, rank=1),
        row({"tenant": "c"}, 0.9, worse=-0.1),
    ]
    drawn = Drawing(slice_plot(rows, score(0.7)))
    words = [word for word in drawn.words if word in ("a", "b", "c") or word.startswith("all") or "in 20" in word]
    assert words == ["all 0.70", "a", "▼ 0.40 in 20 traces", "b", "0.80 in 20 traces", "c", "0.90 in 20 traces"]
    assert drawn.tags.count("circle") == 3


def test_a_dot_stands_where_its_value_is_and_inside_its_interval():
    drawn = slice_plot([row({"t": "a"}, 0.25), row({"t": "b"}, 0.75)], score(0.5))
    dots = [float(x) for x in re.findall(r'class="mean" cx="([\d.]+)"', drawn)]
    lines = [(float(a), float(b)) for a, b in re.findall(r'class="whisker" x1="([\d.]+)" x2="([\d.]+)"', drawn)]
    (whole,) = re.findall(r'class="overall" x1="([\d.]+)"', drawn)
    assert float(whole) - dots[0] == pytest.approx(dots[1] - float(whole))
    assert all(low < dot < high for dot, (low, high) in zip(dots, lines, strict=True))


def test_values_under_zero_widen_the_scale():
    drawn = slice_plot([row({"t": "a"}, -0.5), row({"t": "b"}, 0.5)], score(0.0))
    dots = [float(x) for x in re.findall(r'class="mean" cx="([\d.]+)"', drawn)]
    assert 190 < dots[1] < dots[0] or 190 < dots[0] < dots[1]


def test_bounds_are_drawn_only_where_something_failed():
    assert 'class="bounds"' not in slice_plot([row({"t": "a"})], score())
    failed = row({"t": "a"}, score=score(0.9, n=10, failed=10, lower=0.4, upper=0.95))
    assert 'class="bounds"' in slice_plot([failed], score())


def test_a_long_field_is_cut_to_its_worst_values():
    rows = [row({"t": f"v{n}"}, 0.5, worse=n / 100) for n in range(60)]
    drawn = Drawing(slice_plot(rows, score()))
    assert drawn.tags.count("circle") == MOST
    assert "v59" in drawn.words
    assert "v0" not in drawn.words


def test_what_a_stranger_named_stays_text():
    drawn = Drawing(slice_plot([row({f"f{ATTACK}": ATTACK}, rank=1)], score()))
    assert set(drawn.tags) <= {"svg", "g", "title", "text", "rect", "line", "circle"}
    assert not [name for name, _ in drawn.attributes if name.startswith("on")]
    assert not re.search("[\x1b\u202e]", "".join(drawn.words))
    assert any("<script>" in word for word in drawn.words)


def many():
    answers = ["yes"] * 40
    return [
        trace(model(text), id=f"t{n}", answer=text, metadata={"tenant": ATTACK if n % 2 else "b"})
        for n, text in enumerate(answers)
    ]


def test_the_page_has_the_section_only_when_it_was_asked_for():
    runs = traceeval.evaluate(many()), traceeval.evaluate(many(), by=["tenant"])
    plain, sliced = (run.report.read_text(encoding="utf-8") for run in runs)
    assert 'id="slices"' not in plain
    assert '<section id="slices"' in sliced
    assert '<a href="#slices">' in sliced
    assert 'class="slices"' in sliced


def test_the_terminal_shows_each_field_and_nothing_raw():
    out = io.StringIO()
    summary = traceeval.evaluate(many(), by=["tenant"]).summary()
    render_text(summary, Console(file=out, width=100, color_system=None))
    assert "By tenant" in out.getvalue()
    assert "\x1b" not in out.getvalue()
    assert "\u202e" not in out.getvalue()


def test_the_terminal_marks_what_is_worse():
    out = io.StringIO()
    summary = traceeval.evaluate(many(), by=["tenant"]).summary()
    import msgspec

    slices = told(row({"tenant": "acme"}, 0.4, rank=1), row({"tenant": "b"}, 0.9, worse=-0.4))
    render_text(msgspec.structs.replace(summary, slices=slices), Console(file=out, width=100, color_system=None))
    assert "Worst slice: tenant = acme (20 traces): end result 0.40, elsewhere 0.90" in out.getvalue()
    assert "▼ 0.40" in out.getvalue()
    assert "▼ 0.90" not in out.getvalue()
