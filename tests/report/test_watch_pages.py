"""Pages of drift, of watched measures and of a checked set: the verdict, a mark a row, and nothing that acts."""

import pytest

from traceeval.model.contamination import CONTAMINATION, ContaminationReport, Copied, Telling, Twins
from traceeval.model.drift import DriftReport, DriftRow, Shift
from traceeval.model.watch import WatchedMetric, WatchReport
from traceeval.report import render_contamination_page, render_drift_page, render_watch_page

EVIL = "<script>x"


@pytest.fixture
def page(tmp_path):
    def make(render, report):
        render(report, tmp_path / "page.html")
        return (tmp_path / "page.html").read_text(encoding="utf-8")

    return make


def row(what, distance, drifted, **more):
    numbers = {"base_n": 20, "head_n": 20, "distance": distance, "p": 0.01, "adjusted": 0.01, "drifted": drifted}
    return DriftRow(**{"what": what, "kind": "mix", **numbers, **more})


def drift(*rows):
    return DriftReport(schema_version="traceeval.drift/1", base=20, head=20, sampled=(20, 20), rows=rows)


def test_what_drifted_is_marked_and_named_with_what_moved(page):
    tools = row("tools", 0.4, True, shifts=(Shift(name=EVIL, base=0.1, head=0.5),))
    told = page(
        render_drift_page, drift(tools, row("right", 0.02, False, kind="values", base_mean=0.9, head_mean=0.91))
    )
    assert "1 distribution of 2 drifted" in told
    assert told.count('<g class="flag">') == told.count('<tr class="failed">') == 1
    assert "&lt;script&gt;x 10 % to 50 %" in told
    assert "<script" not in told
    assert "20 traces against 20" in told
    assert " to 0.40)" not in told


def test_where_nothing_drifted_the_page_says_so(page):
    assert "No drift is shown" in page(render_drift_page, drift(row("tools", 0.0, False)))
    assert "Nothing was recorded on both sides." in page(render_drift_page, drift())


def metric(name, **more):
    known = {"reference": 100, "low": 0.8, "high": 0.9, "n": 50, "mean": 0.5, "rose": 0.1, "fell": 90.0, "needed": 80.0}
    return WatchedMetric(metric=name, **{**known, **more})


def test_an_alarm_is_marked_and_says_where_it_was_shown(page):
    alarm = metric("right", alarm_at=40, way="fell", trace=EVIL)
    both = WatchReport(
        schema_version="traceeval.watch/1", reference="r", alpha=0.05, metrics=(alarm, metric("calls", mean=None))
    )
    told = page(render_watch_page, both)
    assert "1 alarm, 2 measures watched" in told
    assert "fell after 40 traces, at &lt;script&gt;x" in told
    assert told.count('<tr class="failed">') == 1
    assert "the chance that any of these ever raises a false alarm is 5 %" in told


def test_what_a_set_gives_away_is_listed_and_what_was_not_checked_too(page):
    found = ContaminationReport(
        schema_version=CONTAMINATION,
        rows=9,
        giveaways=(Telling(string=EVIL, label="1", balanced_accuracy=0.97, with_label=5, without=0),),
        copied=(Copied(row="r1", share=0.5, words="some words"),),
        copied_rows=1,
        canaries=("zap",),
        twins=(Twins(one="r2", other="r3"),),
        twin_pairs=1,
        skipped=("a thing nobody gave",),
    )
    told = page(render_contamination_page, found)
    assert "not to be trusted as they are" in told
    assert told.count('<tr class="failed">') == 4
    assert "not checked: a thing nobody gave" in told
    assert "<script" not in told
    nothing = page(render_contamination_page, ContaminationReport(schema_version=CONTAMINATION, rows=9))
    assert "nothing found" in nothing
    assert "stand elsewhere" not in nothing  # it may be that nobody looked
