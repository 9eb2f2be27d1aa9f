"""What should have happened: graded documents, answer, claims, calls. Every field None is unknown, never "empty"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from traceeval.model._value import Json, Value


class CallSpec(Value, frozen=True):
    """One expected call.

    ``tool``: a name, or several of which any will do. ``args``: argument path -> expected value, or a matcher written
    as an object with one ``$``-key, e.g. ``{"$one_of": [1, 2]}`` (``eq one_of regex num date set seq subset all any
    not ignore``). ``extra``: what to do with arguments not listed; ``defaults``: they must equal their schema default.
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


class Reference(Value, frozen=True):
    """The gold of one trace. A declared empty tuple means "none expected" and is scored; None is unknown.

    ``documents``: document id -> grade (0 = judged not relevant). ``answer``: any of these is right.
    ``claims``: facts a complete answer states. ``calls``: expected calls; ``extra_calls`` says what else may run.
    """

    documents: Mapping[str, int] | None = None
    answer: tuple[str, ...] | None = None
    claims: tuple[str, ...] | None = None
    calls: tuple[CallSpec, ...] | None = None
    extra_calls: Literal["forbid", "reads", "any"] = "reads"
    answerable: bool | None = None
    rel_level: int = 1


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
    answer: str | tuple[str, ...] | None = None
    claims: tuple[str, ...] | None = None
    calls: tuple[CallSpec, ...] | None = None
    extra_calls: Literal["forbid", "reads", "any"] = "reads"
    answerable: bool | None = None
    rel_level: int = 1

    def gold(self, where: str) -> Gold:
        """The same as a Reference on its way to its trace."""
        reference = Reference(
            documents=self.documents,
            answer=(self.answer,) if isinstance(self.answer, str) else self.answer,
            claims=self.claims,
            calls=self.calls,
            extra_calls=self.extra_calls,
            answerable=self.answerable,
            rel_level=self.rel_level,
        )
        return Gold(reference=reference, trace=self.trace, question=self.question, where=where)
