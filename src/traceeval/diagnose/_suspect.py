"""The two most suspected components of a trace, from the record alone: a chain of losses, and signs that point to a link.

What a question needs is followed through the stages as gain is in the loss waterfall: best chunk of the pool, best that
the ranking kept, best in the prompt, and what the answer makes of it. Each component is charged what the question lost
there, so the charges add up to what the answer leaves unmet; further signs strengthen a charge. No weight is fitted.

Nobody is suspected without a symptom: an answer that declines, that claims without support, or that rests on what meets
the question clearly less than something else in the prompt.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable

from traceeval.diagnose._recorded import Recorded
from traceeval.diagnose._signals import SIGNALS
from traceeval.graph import Dossier
from traceeval.model import Basis, Component, Sign, Suspect, Suspicion, Symptom

MOST = 2
FLOOR = 0.1  # a weaker suspicion is not worth a line
BESIDE = 0.2  # of the question, by which the answer's basis has to be worse than the best of the prompt
BASELESS = 0.5  # of the claims
_PIPELINE = {component: place for place, component in enumerate(Component)}


def suspect(dossier: Dossier) -> Suspicion:
    """At most two suspects with their evidence, or the reason why there is none. Gold is never looked at."""
    record = Recorded(dossier)
    abstained = _cannot(record)
    if abstained is not None:
        return Suspicion(trace=record.trace, abstained=abstained)
    symptom = symptom_of(record)
    if symptom is None:
        return Suspicion(trace=record.trace, abstained=_no_symptom(record))
    signs = [sign(record) for sign in SIGNALS]
    suspects = rank(signs)
    unknown = tuple(sign for sign in signs if sign.state == "unknown")
    abstained = "" if suspects else "no_signal: nothing recorded points to a component"
    return Suspicion(trace=record.trace, suspects=suspects, symptom=symptom, abstained=abstained, unknown=unknown)


def rank(signs: Iterable[Sign]) -> tuple[Suspect, ...]:
    """Components by the joint strength of their signs, ``1 - prod(1 - s)``; of equals, the earlier stage first."""
    reasons: dict[Component, list[Sign]] = defaultdict(list)
    for sign in signs:
        if sign.state == "speaks":
            reasons[sign.component].append(sign)
    found = [
        Suspect(component=component, score=score, basis=Basis.INFERRED, reasons=tuple(sorted(told, key=_weakest_last)))
        for component, told in reasons.items()
        if (score := 1 - math.prod(1 - (sign.strength or 0.0) for sign in told)) >= FLOOR
    ]
    return tuple(sorted(found, key=lambda one: (-one.score, _PIPELINE[one.component]))[:MOST])


def _weakest_last(sign: Sign) -> tuple[float, str]:
    return -(sign.strength or 0.0), sign.signal


def symptom_of(record: Recorded) -> Symptom | None:
    """What is wrong with the answer, as far as it shows without gold."""
    if record.refused:
        return "refused"
    if not record.claims:
        return None
    if len(record.baseless) >= BASELESS * len(record.claims):
        return "unsupported"
    best, said = max(record.pool.share, record.prompt.share), record.said
    if best - said >= BESIDE or (best >= FLOOR and said < best / 2):
        return "beside_the_question"
    return "rests_on_cut" if record.rests_on_cut else None


def _cannot(record: Recorded) -> str | None:
    """Why nothing can be said of a trace."""
    if not record.searched:
        return "no_retrieval: the trace records no retrieval"
    if not record.answer:
        return "no_answer: the answer was not recorded"
    if not record.question:
        return "no_question: the question was not recorded"
    if not record.need:
        return "no_terms: the question names nothing to look for"
    if record.foreign is not None:
        return f"language: {record.foreign}; the signals read English"
    if record.chunks and not any(chunk.text for chunk in record.chunks):
        return "no_texts: the texts of the documents were not recorded"
    return None


def _no_symptom(record: Recorded) -> str:
    if record.passages is None:
        return "no_prompt: the prompt was not recorded whole, and the answer does not decline"
    if not record.claims:
        return "no_claims: the answer claims nothing that can be checked"
    return "no_symptom: the answer rests on what meets the question"
