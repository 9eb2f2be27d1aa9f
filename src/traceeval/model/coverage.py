"""Whether evaluation data asks what production asks, as ``traceeval coverage --json`` prints it."""

from __future__ import annotations

from typing import Final, Literal

from traceeval.model._value import Value
from traceeval.model.judge_report import Interval

COVERAGE: Final = "traceeval.coverage/1"


class Exemplar(Value, frozen=True):
    """A trace that shows what a kind is like. ``title``: the beginning of what was asked, redacted."""

    trace: str
    level: float
    title: str = ""


class AskedKind(Value, frozen=True):
    """Traces that are asked in like words and answered with like tools.

    ``share``: of production; ``words``: those that tell the kind; ``cases``: how many of the evaluation data are like it;
    ``easy``: the share of easy traces in it. ``gap``: no case is like it, and it is large enough to need one; None: words
    are all there is, and cannot tell whether cases ask it in other words. ``beside``: how many cases are of its theme, then.
    """

    share: Interval
    traces: int
    words: tuple[str, ...]
    tools: tuple[str, ...]
    cases: int
    easy: float
    gap: bool | None
    exemplars: tuple[Exemplar, ...] = ()
    beside: int = 0


class CoverageReport(Value, frozen=True):
    """All kinds, gaps first. None and ``why``: too little to say.

    ``covered``: the share of production that some case is like; its interval reaches from none to all of the traces of
    kinds that are undecided, and of the ``scattered``: traces of no kind that no case is like. ``least``: the share of
    production from which a kind needs a case; ``small``: traces of kinds under it that have none. ``by_documents``: traces
    of which the documents that were found for them told what they ask.

    ``idle``: cases that nothing in production is like, the first twenty of ``idle_cases``. ``by_words``: cases of which
    nobody knows the tools, so that words alone were compared.

    Easy is a trace without a finding, under the queue's risk, not known to have ended wrong. ``easy``: their share of
    production; ``easy_cases``: what that share is in a mean over the cases, each taken for the traces of its kind;
    ``easier``: the second less the first. ``tilted``: it lies over 0 with its whole interval, and is .05 at least.
    """

    schema_version: Literal["traceeval.coverage/1"]
    traces: int
    cases: int
    least: float
    kinds: tuple[AskedKind, ...] = ()
    covered: Interval | None = None
    scattered: int = 0
    small: int = 0
    idle: tuple[str, ...] = ()
    idle_cases: int = 0
    by_words: int = 0
    by_documents: int = 0
    easy: Interval | None = None
    easy_cases: Interval | None = None
    easier: Interval | None = None
    tilted: bool = False
    why: str = ""

    @property
    def gaps(self) -> tuple[AskedKind, ...]:
        """The kinds that need a case."""
        return tuple(one for one in self.kinds if one.gap)

    @property
    def undecided(self) -> tuple[AskedKind, ...]:
        """The kinds of which words cannot tell whether a case asks them."""
        return tuple(one for one in self.kinds if one.gap is None)
