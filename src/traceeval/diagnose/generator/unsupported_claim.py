"""GRD-1: a claim of the answer without support in what the model was given."""

from __future__ import annotations

from collections.abc import Iterator

from traceeval.graph import Dossier
from traceeval.model import Checked, ClaimVerdict, Component, Evidence, Finding, Subject
from traceeval.registry import diagnosis

_HARD = frozenset({"absent_number", "absent_date", "absent_name", "no_context"})
_CLEAR = 0.25
_COUNTS = frozenset(map(str, range(11)))


@diagnosis("generator.unsupported_claim", severity=4, id="GRD-1")
def unsupported_claim(dossier: Dossier) -> Iterator[Finding]:
    """A claim with a value that stands nowhere in the prompt, or one the checker finds unsupported.

    A value first: an invented number, date or name is severity 4. A merely unsupported wording is severity 3: it may
    be a paraphrase the lexical checker cannot follow. What is deferred without such a value is no defect, nor is an
    answer that is nothing but a number up to ten: a count of things is stated nowhere. Source: trajectories.md section 2.
    """
    checked, view = dossier.checked, dossier.answer
    if checked is None or view is None:
        return
    for verdict in checked.verdicts:
        severity = _severity(verdict, checked)
        if severity is None:
            continue
        if not view.complete:
            yield _unknown(dossier, verdict, str(view.gap))
            continue
        missing = f" ({', '.join(verdict.missing)} nowhere in the prompt)" if verdict.missing else ""
        yield Finding(
            code="generator.unsupported_claim",
            component=Component.GENERATOR,
            severity=severity,
            key=verdict.claim.id,
            subject=Subject(trace=dossier.trace.id, span=view.span),
            evidence=_evidence(dossier, verdict),
            text=f"unsupported: {verdict.claim.text}{missing}",
            confidence=1 - (verdict.p or 0.0),
        )


def _severity(verdict: ClaimVerdict, checked: Checked) -> int | None:
    if verdict.outcome == "unsupported":
        hard = bool(_HARD & set(verdict.codes))
        return 4 if hard or not checked.passages else 3 if (verdict.p or 0.0) < _CLEAR else 2
    counts = "too_short" in verdict.codes
    told = [value for value in verdict.missing if value[:1].isdigit() and not (counts and value in _COUNTS)]
    invented = told and "computed_number" not in verdict.codes
    soft = {"language_mismatch", "decimal_comma"} & set(verdict.codes)
    return 4 if invented and not soft and verdict.outcome in ("defer", "supported") else None


def _evidence(dossier: Dossier, verdict: ClaimVerdict) -> tuple[Evidence, ...]:
    span = dossier.answer.span if dossier.answer is not None else None
    claim = verdict.claim
    return (
        Evidence(
            span=span or dossier.trace.spans[0].id,
            field="answer",
            quote=claim.text,
            start=claim.span[0],
            end=claim.span[1],
        ),
    )


def _unknown(dossier: Dossier, verdict: ClaimVerdict, gap: str) -> Finding:
    return Finding(
        code="generator.unsupported_claim",
        component=Component.GENERATOR,
        severity=4,
        key=verdict.claim.id,
        subject=Subject(trace=dossier.trace.id, span=dossier.answer.span if dossier.answer else None),
        text=f"cannot tell whether it is supported: {verdict.claim.text}",
        state="unknown",
        missing=(gap,),
    )
