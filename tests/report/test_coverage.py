"""What words cannot tell is said as such: in the text, on the page, and as no gap."""

import msgspec

from traceeval.model import COVERAGE, AskedKind, CoverageReport, Interval
from traceeval.report import coverage_lines, render_coverage_page

SHARE = Interval(value=0.2, low=0.15, high=0.25, n=100)


def kind(word, gap, beside=0):
    return AskedKind(share=SHARE, traces=20, words=(word,), tools=(), cases=0, easy=1.0, gap=gap, beside=beside)


def report(*kinds):
    return CoverageReport(schema_version=COVERAGE, traces=100, cases=9, least=0.01, kinds=kinds, covered=SHARE)


def test_an_undecided_kind_is_told_with_the_cases_of_its_theme_and_is_no_gap():
    lines = list(coverage_lines(report(kind("toner", None, beside=3), kind("paper", False))))
    assert lines[0].startswith("Cases are like 20 %")
    assert not any(line.startswith("NO CASE") for line in lines)
    at = next(at for at, line in enumerate(lines) if line.startswith("UNDECIDED: 20 traces in 1 kind, in the interval"))
    assert "asks about toner" in lines[at + 1]
    assert lines[at + 1].endswith("; 3 cases of its theme")


def test_without_undecided_kinds_nothing_is_said_of_them():
    lines = list(coverage_lines(report(kind("toner", True))))
    assert not any("UNDECIDED" in line for line in lines)
    assert sum(line.startswith("NO CASE") for line in lines) == 1


def test_it_is_said_of_how_many_traces_the_documents_told_what_they_ask():
    told = msgspec.structs.replace(report(kind("toner", True)), by_documents=80)
    assert "80 traces told apart by the documents that were found for them" in list(coverage_lines(told))
    assert not any("documents" in line for line in coverage_lines(report(kind("toner", True))))


def test_it_is_said_what_cannot_tell_whether_an_undecided_kind_has_a_case():
    by_words = report(kind("toner", None))
    by_both = msgspec.structs.replace(by_words, by_documents=10)
    means = [
        next(line for line in coverage_lines(one) if line.startswith("UNDECIDED")).rsplit(", and ", 1)[1]
        for one in (by_words, by_both)
    ]
    assert means == [
        "words alone do not tell whether some ask it in others",
        "neither words nor documents tell whether some ask it in others",
    ]


def test_the_page_lists_undecided_kinds_apart(tmp_path):
    render_coverage_page(report(kind("toner", None), kind("paper", False)), tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text("utf-8")
    gaps, _, rest = page.rpartition("Kinds of which words cannot tell whether a case asks them")
    undecided, _, others = rest.rpartition("All other kinds")
    assert "Every kind that is large enough has a case" in gaps
    assert "toner" in undecided
    assert "paper" in others


def test_the_page_says_that_documents_could_not_tell_either_where_they_were_used(tmp_path):
    by_words = report(kind("toner", None))
    heads = []
    for one in (by_words, msgspec.structs.replace(by_words, by_documents=10)):
        render_coverage_page(one, tmp_path / "page.html")
        page = (tmp_path / "page.html").read_text("utf-8")
        heads.append("Kinds of which neither words nor documents tell whether a case asks them" in page)
    assert heads == [False, True]
