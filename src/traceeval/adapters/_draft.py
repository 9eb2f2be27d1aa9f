"""A span between its export and its Trace: what one dialect or two made of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar

import msgspec

from traceeval.adapters._raw import RawSpan
from traceeval.model import Basis, Body, Fault, Json, Kind, Usage

S = TypeVar("S", bound=msgspec.Struct)


@dataclass(slots=True)
class Draft:
    """One span on its way.

    ``input`` and ``output``: what the span as a whole was given and gave, as recorded. ``mapped``: attribute keys, by
    prefix, that now stand in a typed field. ``parent`` and ``seq`` are those of the repaired tree.
    """

    raw: RawSpan
    dialect: str
    kind: Kind = Kind.OTHER
    body: Body | None = None
    usage: Usage | None = None
    error: Fault | None = None
    agent: str | None = None
    session: str | None = None
    input: Json = None
    output: Json = None
    mapped: tuple[str, ...] = ()
    plumbing: bool = False
    basis: Basis = Basis.OBSERVED
    parent: str | None = None
    seq: int = 0
    reads: list[str] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The span's id."""
        return self.raw.id


def merged(first: Draft, second: Draft) -> Draft:
    """One span in two dialects: the first one's word counts, the second fills what it left unknown."""
    if first.kind is Kind.OTHER:
        first, second = (first, second) if second.kind is Kind.OTHER else (second, first)
    if first.body is None and second.kind is first.kind:
        first.body = second.body
    elif first.body is not None and type(first.body) is type(second.body):
        first.body = _filled(first.body, second.body)
    first.usage = second.usage if first.usage is None else _filled(first.usage, second.usage)
    for name in ("agent", "session", "input", "output", "error"):
        if getattr(first, name) is None:
            setattr(first, name, getattr(second, name))
    first.mapped += second.mapped
    first.dialect = f"{first.dialect}+{second.dialect}"
    return first


def _filled(first: S, second: msgspec.Struct | None) -> S:
    """The struct with its None fields taken from another of its type."""
    if second is None:
        return first
    known = {
        name: value
        for name in first.__struct_fields__
        if getattr(first, name) is None and (value := getattr(second, name)) is not None
    }
    return msgspec.structs.replace(first, **known) if known else first
