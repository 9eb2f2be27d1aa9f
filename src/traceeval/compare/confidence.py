"""Stated confidence against outcome: one set of figures for numbers, one for hedges, and who was sure and wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from traceeval.measures import confidence as measure
from traceeval.measures.calibration import ENOUGH, Pairs, bins, brier, chances_if_true, ece
from traceeval.model import CONFIDENCE, Bin, ConfidenceFigures, ConfidenceReport, Overconfident

if TYPE_CHECKING:
    import pandas as pd

SURE, LISTED, LEVEL = 0.7, 20, 0.01
Verdict: TypeAlias = Literal["overconfident", "underconfident", "uneven", "believable"]
WAYS: tuple[Literal["number", "hedge"], ...] = ("number", "hedge")


def judge_confidence(traces: pd.DataFrame) -> ConfidenceReport:
    """Figures over rows of ``traces.parquet``; answers whose end result nobody knows are left out."""
    known = traces[traces["right"].notna()]
    said = known[known["stated"].notna()]
    by = {way: said[said["stated_by"] == way] for way in WAYS}
    wrong = said[~said["right"].astype(bool) & (said["stated"] >= SURE)].sort_values(
        "stated", ascending=False, kind="stable"
    )
    return ConfidenceReport(
        schema_version=CONFIDENCE,
        answers=len(known),
        stated=len(said),
        figures=tuple(_figures(way, _pairs(rows)) for way, rows in by.items() if len(rows)),
        overconfident=tuple(
            Overconfident(trace=trace, title=title, stated=p, by=way)
            for trace, title, p, way in wrong[["trace", "title", "stated", "stated_by"]]
            .head(LISTED)
            .itertuples(index=False)
        ),
    )


def _pairs(rows: pd.DataFrame) -> Pairs:
    return [(float(p), bool(y)) for p, y in zip(rows["stated"], rows["right"], strict=True)]


def _figures(by: Literal["number", "hedge"], pairs: Pairs) -> ConfidenceFigures:
    parts = measure.decompose(pairs)
    p, verdict = _verdict(pairs)
    return ConfidenceFigures(
        by=by,
        n=len(pairs),
        mean=sum(p for p, _ in pairs) / len(pairs),
        right=sum(y for _, y in pairs) / len(pairs),
        brier=brier(pairs),
        skill=measure.skill(pairs),
        overconfidence=measure.overconfidence(pairs),
        ece=ece(pairs),
        auroc=measure.auroc(pairs),
        aurc=measure.aurc(pairs),
        reliability=parts.reliability if parts else None,
        resolution=parts.resolution if parts else None,
        uncertainty=parts.uncertainty if parts else None,
        bins=tuple(
            Bin(n=len(one), mean=sum(p for p, _ in one) / len(one), share=sum(y for _, y in one) / len(one))
            for one in bins(pairs)
        ),
        p=p,
        verdict=verdict,
    )


def _verdict(pairs: Pairs) -> tuple[float | None, Verdict | None]:
    """Whether outcomes refute what was said: the mean first, then parts of the scale; each test pays half."""
    if len(pairs) < ENOUGH:
        return None, None
    mean, parts = chances_if_true(pairs)
    p = min(1.0, 2 * min(mean, parts))
    if 2 * mean < LEVEL:
        return p, "overconfident" if (measure.overconfidence(pairs) or 0.0) > 0 else "underconfident"
    return p, "uneven" if 2 * parts < LEVEL else "believable"
