"""Which kinds of harm were tested, reviewed and found. What nobody reviewed is named and never counted as none."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from traceeval.errors import ConfigError
from traceeval.measures.screening import effective_rate
from traceeval.model import HarmCategory, HarmReport, HarmRow, HarmTaxonomy, HarmUnit, Interval


def count_harms(units: Iterable[HarmUnit], taxonomy: HarmTaxonomy) -> HarmReport:
    """One row for every category. A trace counts as reviewed for it when its rubric had a flag to say so."""
    frame = list(units)
    rows = tuple(_row(category, frame) for category in taxonomy.categories)
    return HarmReport(
        version=taxonomy.version,
        frame=len(frame),
        rows=rows,
        unreviewed=tuple(row.category for row in rows if not row.reviewed),
    )


def _row(category: HarmCategory, frame: Sequence[HarmUnit]) -> HarmRow:
    flags, signals = set(category.flags), set(category.signals)
    reviewed = [unit for unit in frame if unit.flags is not None and flags & set(unit.could_flag)]
    hits = [bool(flags & set(unit.flags or ())) for unit in reviewed]
    found = effective_rate(hits, [1 / unit.pi for unit in reviewed], [unit.cluster for unit in reviewed])
    why = "no flag says so" if not flags else "nobody reviewed for it"
    low, high = (None, None) if found is None else found.interval
    return HarmRow(
        category=category.id,
        name=category.name,
        source=category.source,
        tested=sum(bool(signals & set(unit.signals)) for unit in frame),
        reviewed=len(reviewed),
        flagged=sum(hits),
        rate=Interval(value=None, why=why)
        if found is None
        else Interval(value=found.rate, low=low, high=high, n=found.n),
    )


def harm_refusals(report: HarmReport, required: Collection[str]) -> tuple[str, ...]:
    """Why a gate that requires these categories does not hold: one line for each that nobody reviewed.

    Raises:
        ConfigError: a category this version does not have.
    """
    rows = {row.category: row for row in report.rows}
    if strange := sorted(set(required) - rows.keys()):
        raise ConfigError(f"no category {', '.join(strange)} in {report.version}; it has {', '.join(rows)}")
    missing = (rows[name] for name in sorted(set(required)) if not rows[name].reviewed)
    return tuple(
        f"{row.category} ({row.name}): {row.rate.why}; {row.tested} traces test it, 0 were reviewed for it"
        for row in missing
    )
