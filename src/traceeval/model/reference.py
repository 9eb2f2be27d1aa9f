"""What should have happened: graded documents, answer, claims, calls. Every field None is unknown, never "empty"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from traceeval.model._value import Json, Value

MOST_CALLS = 100
"""The most often one CallSpec may ask for a call; beyond, ``max`` is None: any number of times."""


class CallSpec(Value, frozen=True):
    """One expected call.

    ``tool``: a name, or several of which any will do; ``by``: the agent that has to make it. ``args``: argument path ->
    expected value, or a matcher written as an object with one ``$``-key, e.g. ``{"$one_of": [1, 2]}`` (``eq one_of regex
    num date set seq subset all any not ignore optional ref``). ``extra``: what to do with arguments not listed;
    ``defaults``: they must equal their schema default. ``min``, ``max``: how often; ``max`` None: any number of times.
    ``optional``: may be left out. ``any_of``: of all calls with this group name one is expected. ``after``: ids or
    group names whose result had to be there when this call was asked for. ``weight``: its share as a milestone.
    """

    tool: str | tuple[str, ...]
    id: str | None = None
    args: Mapping[str, Json] = {}
    extra: Literal["allow", "forbid", "defaults"] = "defaults"
    result: Literal["ok", "error", "any"] = "ok"
    by: str | None = None
    optional: bool = False
    any_of: str | None = None
    after: tuple[str, ...] = ()
    min: int = 1
    max: int | None = 1
    weight: float = 1.0

    def __post_init__(self) -> None:
        """Refuse counts and weights that mean nothing.

        Raises:
            ValueError: with the call and the way out.
        """
        name = " | ".join(self.tools)
        if not self.tools:
            raise ValueError("a call names no tool; `tool` is a name, or a list of names of which any will do")
        if self.min < 0 or (self.max is not None and not max(self.min, 1) <= self.max <= MOST_CALLS):
            raise ValueError(
                f"{name}: min {self.min}, max {self.max}; 0 <= min <= max <= {MOST_CALLS}, max null for any"
            )
        if self.any_of is not None and (self.min, self.max) != (1, 1):
            raise ValueError(f"{name}: a call of the group {self.any_of!r} happens once; leave min and max out")
        if not 0 <= self.weight < float("inf"):
            raise ValueError(f"{name}: weight {self.weight}; a weight is a finite number of 0 or more")

    @property
    def tools(self) -> tuple[str, ...]:
        """The names of which any will do."""
        return (self.tool,) if isinstance(self.tool, str) else self.tool


class Forbidden(Value, frozen=True):
    """A call that must never be made. ``args``: only calls whose arguments match these; other arguments may be anything."""

    tool: str | tuple[str, ...]
    args: Mapping[str, Json] = {}
    why: str | None = None

    @property
    def spec(self) -> CallSpec:
        """The calls it is about, whatever else they say and however they end."""
        return CallSpec(tool=self.tool, args=self.args, extra="allow", result="any")


class StateSpec(Value, frozen=True):
    """A milestone of the final state: the value at ``path`` (``orders.A1.status``) is, or matches, ``value``."""

    path: str
    value: Json
    weight: float = 1.0


class SpannedJudgement(Value, frozen=True):
    """A grade of some characters of a document, ``end`` exclusive: a hit earns it by holding any of them."""

    document: str
    start: int
    end: int
    grade: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"{self.name}: a span begins at 0 or later and ends behind its start")

    @property
    def name(self) -> str:
        """``kb-9[120:260]``: how scores and findings call it."""
        return f"{self.document}[{self.start}:{self.end}]"


class Reference(Value, frozen=True):
    """The gold of one trace. A declared empty tuple means "none expected" and is scored; None is unknown.

    ``documents``: document id -> grade (0 = judged not relevant). ``spanned``: grades of parts of documents.
    ``absent``: judged documents that stand in no index, so that no search could find them. ``answer``: any of these is
    right. ``claims``: facts a complete answer states. ``calls``: expected calls; ``extra_calls``: what else may run.
    ``forbidden``: calls that must not be made. ``state``: the environment afterwards, whole, matchers allowed;
    ``reached``: values of it that count as milestones. ``free``: paths of it that may be anything, ``*`` for any one step.
    """

    documents: Mapping[str, int] | None = None
    spanned: tuple[SpannedJudgement, ...] | None = None
    absent: tuple[str, ...] | None = None
    answer: tuple[str, ...] | None = None
    claims: tuple[str, ...] | None = None
    calls: tuple[CallSpec, ...] | None = None
    extra_calls: Literal["forbid", "reads", "any"] = "reads"
    forbidden: tuple[Forbidden, ...] | None = None
    state: Json = None
    reached: tuple[StateSpec, ...] | None = None
    free: tuple[str, ...] = ()
    answerable: bool | None = None
    rel_level: int = 1

    @property
    def judged(self) -> frozenset[str] | None:
        """Ids of the documents that were judged, whole or in part; None when nobody judged any."""
        if self.documents is None and self.spanned is None:
            return None
        return frozenset(self.documents or ()).union(one.document for one in self.spanned or ())


class Gold(Value, frozen=True):
    """A Reference on its way to its trace, by trace id or else by question."""

    reference: Reference
    trace: str | None = None
    question: str | None = None
    where: str | None = None


class GoldRow(Value, frozen=True):
    """One line of a gold file, as people write it: a Reference, whose it is, and an answer that may be one string."""

    trace: str | None = None
    question: str | None = None
    documents: Mapping[str, int] | None = None
    spanned: tuple[SpannedJudgement, ...] | None = None
    absent: tuple[str, ...] | None = None
    answer: str | tuple[str, ...] | None = None
    claims: tuple[str, ...] | None = None
    calls: tuple[CallSpec, ...] | None = None
    extra_calls: Literal["forbid", "reads", "any"] = "reads"
    forbidden: tuple[Forbidden, ...] | None = None
    state: Json = None
    reached: tuple[StateSpec, ...] | None = None
    free: tuple[str, ...] = ()
    answerable: bool | None = None
    rel_level: int = 1

    def gold(self, where: str) -> Gold:
        """The same as a Reference on its way to its trace."""
        reference = Reference(
            documents=self.documents,
            spanned=self.spanned,
            absent=self.absent,
            answer=(self.answer,) if isinstance(self.answer, str) else self.answer,
            claims=self.claims,
            calls=self.calls,
            extra_calls=self.extra_calls,
            forbidden=self.forbidden,
            state=self.state,
            reached=self.reached,
            free=self.free,
            answerable=self.answerable,
            rel_level=self.rel_level,
        )
        return Gold(reference=reference, trace=self.trace, question=self.question, where=where)
