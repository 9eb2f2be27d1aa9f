"""How much of what is right came from nowhere in the prompt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from traceeval.graph import Recalled, gold_facts, recalled_facts, right_facts
from traceeval.graph.views import AnswerView, Reading
from traceeval.model import Evidence
from traceeval.registry import scorer
from traceeval.scorers.generator._answers import NO_REFERENCE, missing


@scorer("generator.fallback", better="lower", needs=("reference.answer",))
def fallback(view: AnswerView) -> Reading:
    """Right facts that stand in no chunk or tool result of the prompt, over right facts.

    ``why`` counts them by what the prompt held instead: ``no_context``, ``irrelevant_context``, or
    ``contradicting_context``, which the answer overrode; and says whether that was ``observed`` or confirmed by asking
    again without the context (``counterfactual``). Source: metrics.md section 5.
    """
    early = missing(view)
    if early is not None:
        return early
    if gold_facts(view.reference) is None:
        return Reading.not_applicable(NO_REFERENCE, span=view.span)
    right, own = right_facts(view), recalled_facts(view)
    if not right:
        return Reading.undefined("none_right: the answer states no gold fact", span=view.span)
    if own and not view.complete:
        why = f"missing_evidence: {view.gap} is cut or redacted"
        return Reading.failed(why, bounds=(0.0, len(own) / len(right)), units=len(right), span=view.span)
    return Reading.scored(
        len(own) / len(right), why=_told(own), units=len(right), span=view.span, evidence=_against(own, view)
    )


def _told(own: Sequence[Recalled]) -> str:
    """``irrelevant_context 2, no_context 1: observed``; empty when every right fact stands in the prompt."""
    if not own:
        return ""
    kinds = Counter[str](one.instead for one in own)
    basis = Counter[str]("counterfactual" if one.confirmed else "observed" for one in own)
    how = next(iter(basis)) if len(basis) == 1 else _counted(basis)
    return f"{_counted(kinds)}: {how}"


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {n}" for name, n in sorted(counts.items()))


def _against(own: Sequence[Recalled], view: AnswerView) -> tuple[Evidence, ...]:
    """The sentences of the prompt that say otherwise than the answer."""
    found = [one.against for one in own if one.against is not None]
    return tuple(
        Evidence(span=p.span or view.span or "", field=p.id, quote=p.text[start:end], start=start, end=end)
        for p, start, end in found
    )
