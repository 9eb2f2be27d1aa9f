"""Two responses side by side: one subject whatever their order, shown left and right by lot, told apart by nothing else.

Reviewers speak of A (left) and B (right) as they saw them; what is stored is un-swapped: ``a`` is the trace of the lower
hash. Systems, versions, costs and times are taken out until the verdict is in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, select

from traceeval.measures.sampling import permanent_number
from traceeval.model import Generation, Span, Trace, text_of
from traceeval.review import schema

PAIR_MODES = ("pairwise", "protocol")
SIDES = ("a", "b")
TOTAL_APART = 2
_OTHER = {"a": "b", "b": "a"}
_ITSELF = re.compile(
    r"\b(?:I am|I'm|as)\s+(?:an?\s+)?(?:AI (?:language )?model|(?:Chat)?GPT|Claude|Gemini|Llama|Mistral|Qwen|DeepSeek)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two traces as one subject. ``first`` has the lower hash; payloads are their canonical JSON."""

    sha256: str
    first: bytes
    second: bytes


def pair(one: tuple[str, bytes], other: tuple[str, bytes]) -> Pair:
    """The subject of two (trace hash, payload); (A, B) and (B, A) are one."""
    (low, first), (high, second) = sorted([one, other])
    return Pair(pair_hash(low, high), first, second)


def pair_hash(one: str, other: str) -> str:
    """The hash of the subject of two traces, by their hashes."""
    return sha256("\n".join(sorted((one, other))).encode()).hexdigest()


def orders(seed: str, subject: str, round_: int, n: int) -> list[bool]:
    """Whether each of n slots is swapped: the first by lot, every second one its mirror, so that position cancels."""
    first = permanent_number(seed, f"order/{subject}/{round_}") < 0.5
    return [first ^ bool(number % 2) for number in range(n)]


def next_order(connection: Connection, item: Row[Any], seed: str, kind: str) -> bool:
    """The order of a slot that is added: what the item's reviewers saw less often; of a third person, by lot."""
    if kind != "review":
        return permanent_number(seed, f"order/{kind}/{item.subject_sha256}/{item.round}") < 0.5
    slot = schema.slot
    stands = (slot.c.item_id == item.id, slot.c.kind == "review", slot.c.state != "void")
    seen = list(connection.execute(select(slot.c.swapped).where(*stands)).scalars())
    straight = orders(seed, item.subject_sha256, item.round, 1)[0]
    swapped = sum(seen)
    return straight if 2 * swapped == len(seen) else 2 * swapped < len(seen)


def unswapped(body: dict[str, Any], swapped: bool) -> dict[str, Any]:
    """What was said of left and right, in terms of the stored pair."""
    if not swapped:
        return body
    turned: dict[str, Any] = {
        name: _turned_marks(body[name]) for name in ("marks", "absent", "revised_marks") if body.get(name)
    }
    turned |= {name: [_turned(one) for one in body[name]] for name in ("evidence", "blame", "unsure") if body.get(name)}
    if body.get("preferred"):
        turned["preferred"] = {name: _OTHER.get(side, side) for name, side in body["preferred"].items()}
    if body.get("preference"):
        turned["preference"] = _OTHER.get(body["preference"], body["preference"])
    return {**body, **turned}


def _turned_marks(marks: Mapping[str, Any]) -> dict[str, Any]:
    return {_turned(name): mark for name, mark in marks.items()}


def _turned(name: str) -> str:
    side, colon, rest = name.partition(":")
    return f"{_OTHER[side]}:{rest}" if colon and side in _OTHER else name


def inconsistent(marks: Mapping[str, int], preference: str | None) -> bool:
    """Whether somebody prefers the side that their own marks put 2 or more behind, over criteria marked on both."""
    if preference not in _OTHER:
        return False
    names = {name.partition(":")[2] for name in marks}
    both = [name for name in names if {f"a:{name}", f"b:{name}"} <= set(marks)]
    ahead = sum(marks[f"{_OTHER[preference]}:{name}"] - marks[f"{preference}:{name}"] for name in both)
    return ahead >= TOTAL_APART


def blinded(trace: Trace) -> Trace:
    """A response without what tells its system: release, models, costs, times, scores and data of the application."""
    spans = tuple(_blinded(span) for span in trace.spans)
    gone = {"system": None, "metadata": None, "tags": None, "imported": (), "origin": None, "session": None}
    return msgspec.structs.replace(trace, id="response", spans=spans, trial=None, diagnostics=(), **gone)


def _blinded(span: Span) -> Span:
    body = msgspec.structs.replace(span.body, model=None) if isinstance(span.body, Generation) else span.body
    return msgspec.structs.replace(span, body=body, usage=None, start=None, end=None, attributes={}, agent=None)


def names_itself(traces: Iterable[Trace]) -> list[str]:
    """Sides whose answer says which system it is ("as ChatGPT …"): it cannot be taken out, so it is flagged."""
    return [side for side, trace in zip(SIDES, traces, strict=False) if _ITSELF.search(text_of(trace.answer) or "")]
