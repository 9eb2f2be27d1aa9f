"""The claims of a trace as lines of ``claims.jsonl``: what people label, and what a calibration is fitted on."""

from __future__ import annotations

from collections.abc import Iterator

from traceeval.model import ClaimRow
from traceeval.run._examine import Examined


def claim_rows(examined: Examined) -> Iterator[ClaimRow]:
    """One row for every checkable claim of the answer."""
    checked = examined.dossier.checked
    for verdict in checked.verdicts if checked is not None else ():
        if verdict.outcome == "not_checkable" or checked is None:
            continue
        yield ClaimRow(
            claim=f"{examined.trace.id}:{verdict.claim.id}",
            trace=examined.trace.id,
            text=verdict.claim.text,
            evidence=tuple(edge.quote for edge in verdict.edges),
            outcome=verdict.outcome,
            support=dict(verdict.features).get("support"),
            p=verdict.p,
            codes=verdict.codes,
            by=verdict.by,
            calibration=verdict.calibration,
            language=checked.language,
            system=examined.trace.system.label if examined.trace.system else None,
        )
