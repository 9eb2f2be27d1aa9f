"""Whom the record alone makes suspect, when nobody said what would have been right."""

from __future__ import annotations

from typing import Literal, TypeAlias

from traceeval.model._value import Value
from traceeval.model.score import Evidence
from traceeval.model.trace import Basis, Component

Symptom: TypeAlias = Literal["refused", "unsupported", "beside_the_question", "rests_on_cut"]
"""Why anybody is suspected: the answer declines, claims what the prompt does not support, rests on what meets the question
clearly less than something else that was found, or rests on a chunk that was cut in the prompt."""


class Sign(Value, frozen=True):
    """What one signal says of one component.

    ``strength``: 0..1 when the signal ``speaks``, 0 when it is ``silent``, None when it is ``unknown`` because of ``missing``.
    """

    signal: str
    component: Component
    state: Literal["speaks", "silent", "unknown"]
    strength: float | None = None
    text: str = ""
    evidence: tuple[Evidence, ...] = ()
    missing: str = ""


class Suspect(Value, frozen=True):
    """One suspected component. ``score``: 0..1, the strengths of its ``reasons`` as one; an order, not a probability.

    ``basis`` is always ``inferred``, and is written out so that nobody takes it for anything else.
    """

    component: Component
    score: float
    basis: Basis
    reasons: tuple[Sign, ...]


class Suspicion(Value, frozen=True):
    """At most two suspects of one trace, the first first, from what was recorded and never from gold.

    Without suspects ``abstained`` says why, as ``"code: text"``. ``unknown``: signals that lacked an input.
    """

    trace: str
    suspects: tuple[Suspect, ...] = ()
    symptom: Symptom | None = None
    abstained: str = ""
    unknown: tuple[Sign, ...] = ()
