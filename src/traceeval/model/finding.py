"""What went wrong, whose it is, and how sure that is."""

from __future__ import annotations

from typing import Literal

from traceeval.model._value import Value
from traceeval.model.score import Evidence, Score, Subject
from traceeval.model.trace import Basis, Component


class Finding(Value, frozen=True):
    """A defect, or the admission that a rule could not decide.

    ``severity`` 1 info, 2 minor, 3 notable, 4 serious, 5 critical. ``state`` ``unknown`` lists the ``missing`` inputs.
    ``repaired``: the agent mended it itself, so it was lowered. ``key`` names the event, so that one finding may
    subsume another of the same event (``subsumed_by`` its code). ``basis``: inferred when it rests on inferred links or tool annotations.
    ``rule``: id of the policy rule that was broken; empty for the rules of the package.
    """

    code: str
    component: Component
    subject: Subject
    severity: int
    text: str
    state: Literal["defect", "unknown"] = "defect"
    evidence: tuple[Evidence, ...] = ()
    scores: tuple[Score, ...] = ()
    missing: tuple[str, ...] = ()
    repaired: bool = False
    confidence: float = 1.0
    basis: Basis = Basis.OBSERVED
    key: str = ""
    masked: bool = False
    compensator: str | None = None
    subsumed_by: str | None = None
    rule: str = ""


class Blame(Value, frozen=True):
    """A component's share of what went wrong in one trace.

    Shares sum to 1, or there are none. ``masked``: the end result was right all the same.
    """

    trace: str
    component: Component
    share: float
    masked: bool = False
    findings: tuple[str, ...] = ()
