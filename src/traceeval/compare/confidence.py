"""Stated confidence against outcome: one set of figures for numbers, one for hedges, and who was sure and wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from traceeval.measures import confidence as measure
from traceeval.measures.calibration import Pairs, bins, brier, ece
from traceeval.model import CONFIDENCE, Bin, ConfidenceFigures, ConfidenceReport, Overconfident

if TYPE_CHECKING:
    import pandas as pd

SURE, LISTED = 0.7, 20
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
    )
