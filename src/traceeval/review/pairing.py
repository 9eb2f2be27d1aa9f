"""A queue that compares is filled: what two systems said to the same question, every pair with its chance to be drawn."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import zip_longest
from typing import TypeAlias

import msgspec

from traceeval.errors import Refused
from traceeval.measures.sampling import permanent_number
from traceeval.model import Trace, text_of, trace_hash
from traceeval.review._limits import covers
from traceeval.review._rows import queue_row, setting
from traceeval.review.pairs import PAIR_MODES, Pair, pair
from traceeval.review.select import Unit, enqueue
from traceeval.review.store import Store

Both: TypeAlias = tuple[Trace, Trace]
WHY = (("pair", "two systems answered the same question"),)


@dataclass(frozen=True, slots=True)
class Paired:
    """What became of two sets of responses. ``frame``: pairs; ``drawn``: of them; ``added``: items new in the queue.

    ``authored``: pairs of the frame whose authors are stated.

    No part of the frame are ``single``: responses to a question the other system was not asked, or that state none;
    ``same``: pairs of one and the same response; ``other``: pairs in no language of the queue.
    """

    frame: int
    drawn: int
    added: int
    single: int
    same: int
    other: int
    authored: int


def enqueue_pairs(
    store: Store,
    queue: str,
    base: Iterable[Trace],
    head: Iterable[Trace],
    *,
    budget: int | None = None,
    seed: str = "0",
    lang: Callable[[Trace], str | None] = lambda trace: None,
    authors: Callable[[Trace], tuple[str, ...]] = lambda trace: (),
    keep: Callable[[Mapping[str, bytes]], object] | None = None,
) -> Paired:
    """Pair by scenario, else by question, the first response with the first; draw ``budget`` of the pairs on average.

    Every pair has the same chance, and a larger budget only adds. ``budget`` None: the queue's own, else all pairs.
    ``lang``: the stated language of a trace (BCP 47); ``authors``: handles of those who wrote it, and so never judge a pair
    with it; ``keep``: as ``enqueue``.

    Raises:
        NotFound: no such queue.
        Refused: it does not compare, no question was asked of both, or it is for fewer items.
    """
    with store.read() as connection:
        row = queue_row(connection, queue)
    if row.mode not in PAIR_MODES:
        raise Refused(f"queue {queue!r} is {row.mode}: pairs are for queues of mode {' or '.join(PAIR_MODES)}")
    asked, single = _matched(base, head)
    langs = setting(row, "langs")
    mine = [both for both in asked if not langs or covers(langs, lang(both[0]))]
    subjects = {made.sha256: (both, made) for both in mine if (made := _pair(both)) is not None}
    if not subjects:
        raise Refused(
            f"no pair to compare: {len(asked)} pairs of responses answer the same question, {len(mine)} of them in a "
            f"language of queue {queue!r}, and none is two different responses; name the traces of two systems that were "
            "asked the same"
        )
    most = budget if budget is not None else setting(row, "budget")
    chance = 1.0 if most is None else min(1.0, most / len(subjects))
    units = [
        _unit(both, made, chance, seed, lang(both[0]), (*authors(both[0]), *authors(both[1])))
        for both, made in subjects.values()
    ]
    frame = sha256("\n".join(sorted(subjects)).encode()).hexdigest()
    expected = chance * len(units)
    plan = {"budget": expected, "frame": frame, "pairs": len(units), "single": single}
    named = sha256(f"{frame}/{expected}".encode()).hexdigest()
    sized = {"frame_sha256": named, "frame_size": len(units), "seed": seed, "plan": plan}
    added = enqueue(store, units, queue=queue, keep=keep, **sized)  # type: ignore[arg-type]
    left = {"single": single, "same": len(mine) - len(units), "other": len(asked) - len(mine)}
    authored = sum(bool(unit.authors) for unit in units)
    return Paired(len(units), sum(unit.drawn for unit in units), added, **left, authored=authored)


def _matched(base: Iterable[Trace], head: Iterable[Trace]) -> tuple[list[Both], int]:
    """(pairs in the order of ``base``, responses without a partner)."""
    ours, theirs = _by_question(base), _by_question(head)
    found, single = list[Both](), 0
    for question in dict.fromkeys((*ours, *theirs)):
        for one, other in zip_longest(ours.get(question, ()), theirs.get(question, ())):
            if question and one is not None and other is not None:
                found.append((one, other))
            else:
                single += (one is not None) + (other is not None)
    return found, single


def _by_question(traces: Iterable[Trace]) -> Mapping[str, list[Trace]]:
    found: defaultdict[str, list[Trace]] = defaultdict(list)
    for trace in traces:
        found[trace.scenario or " ".join((text_of(trace.question) or "").split())].append(trace)
    return found


def _pair(both: Both) -> Pair | None:
    """None: both are one and the same response, word for word and step for step."""
    one, other = ((trace_hash(trace), msgspec.json.encode(trace)) for trace in both)
    return pair(one, other) if one[0] != other[0] else None


def _unit(both: Both, made: Pair, chance: float, seed: str, lang: str | None, authors: tuple[str, ...]) -> Unit:
    return Unit(
        trace=both[0].id,
        sha256=made.sha256,
        level=0.0,
        floor=0,
        pi=chance,
        u=permanent_number(seed, made.sha256),
        k=1,
        safety=False,
        reasons=WHY,
        payload=made.first,
        second=made.second,
        lang=lang,
        authors=authors,
    )
