from traceeval.model import LossReport


def test_a_report_balances_when_every_span_and_record_went_somewhere():
    report = LossReport(
        format="x",
        uri="y",
        records=3,
        spans=6,
        kept={"record": 2, "span": 3, "message": 9},
        folded={"span.duplicate": 2},
        dropped={"record.skipped": 1, "span.below_evaluation": 1, "attribute.plumbing": 4},
    )
    assert report.balanced
    assert (report.counted("span"), report.counted("record"), report.counted("message")) == (6, 3, 9)


def test_a_lost_span_or_record_unbalances_it():
    assert not LossReport(format="x", uri="y", spans=1).balanced
    assert not LossReport(format="x", uri="y", records=1, kept={"record": 2}).balanced
