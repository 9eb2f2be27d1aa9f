"""A queue that compares is filled: what two systems said to the same question, every pair with its chance to be drawn.

The traces are read twice: to pair them, and for the texts of the pairs that were drawn, which alone are held.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import zip_longest
from typing import TypeAlias

import msgspec

from traceeval.errors import InputError, Refused
from traceeval.model import Trace, text_of, trace_hash
from traceeval.review._languages import canonical, covers
from traceeval.review._rows import queue_row, setting
from traceeval.review.pairs import PAIR_MODES, pair, pair_hash
from traceeval.review.select import Unit, enqueue
from traceeval.review.store import Store

Source: TypeAlias = Callable[[], Iterable[Trace]]
WHY = ("pair", "two systems answered the same question")


@dataclass(frozen=True, slots=True)
class Paired:
    """What became of two sets of responses. ``frame``: pairs; ``drawn``: of them; ``added``: items new in the queue.

    ``authored``: pairs of the frame whose authors are stated; ``mixed``: whose responses state two languages.

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
    mixed: int


@dataclass(frozen=True, slots=True)
class _Response:
    """What is known of a trace before the draw."""

    trace: str
    sha256: str
    lang: str | None
    tag: str | None
    warnings: tuple[str, ...]
    authors: tuple[str, ...]


Both: TypeAlias = tuple[_Response, _Response]


def enqueue_pairs(
    store: Store,
    queue: str,
    base: Source,
    head: Source,
    *,
    budget: int | None = None,
    seed: str = "0",
    lang: Callable[[Trace], str | None] = lambda trace: None,
    tag: Callable[[Trace], str | None] = lambda trace: None,
    warnings: Callable[[Trace], tuple[str, ...]] = lambda trace: (),
    authors: Callable[[Trace], tuple[str, ...]] = lambda trace: (),
    keep: Callable[[Mapping[str, bytes]], object] | None = None,
) -> Paired:
    """Pair by scenario, else by question, the first response with the first; draw ``budget`` of the pairs on average.

    Every pair has the same chance, and a larger budget only adds. ``base``, ``head``: the traces of two systems, as often
    as they are asked for. ``budget`` None: the queue's own, else all pairs. ``lang``: the stated language of a trace (BCP
    47), and people judge a pair in the languages of both; ``tag``: the speciality it takes, of a pair that of the first
    which states one; ``warnings``: categories people opt out of; ``authors``: handles of those who wrote it, and so never
    judge a pair with it; ``keep``: as ``enqueue``.

    Raises:
        NotFound: no such queue.
        Refused: it does not compare, no question was asked of both, or it is for fewer items.
        InputError: what was drawn is gone when it is read again.
    """
    with store.read() as connection:
        row = queue_row(connection, queue)
    if row.mode not in PAIR_MODES:
        raise Refused(f"queue {queue!r} is {row.mode}: pairs are for queues of mode {' or '.join(PAIR_MODES)}")

    def known(trace: Trace) -> _Response:
        stated = lang(trace)
        told = (stated and canonical(stated), tag(trace), warnings(trace), authors(trace))
        return _Response(trace.id, trace_hash(trace), *told)

    asked, single = _matched(*(_by_question(source(), known) for source in (base, head)))
    langs = setting(row, "langs")
    mine = [both for both in asked if not langs or _within(langs, both)]
    subjects = {pair_hash(*shas): both for both in mine if len(set(shas := [one.sha256 for one in both])) > 1}
    if not subjects:
        raise Refused(
            f"no pair to compare: {len(asked)} pairs of responses answer the same question, {len(mine)} of them in a "
            f"language of queue {queue!r}, and none is two different responses; name the traces of two systems that were "
            "asked the same"
        )
    most = budget if budget is not None else setting(row, "budget")
    chance = 1.0 if most is None else min(1.0, most / len(subjects))
    units = [_unit(both, sha, chance, seed) for sha, both in subjects.items()]
    frame = sha256("\n".join(sorted(subjects)).encode()).hexdigest()
    expected = chance * len(units)
    plan = {"budget": expected, "frame": frame, "pairs": len(units), "single": single}
    named = sha256(f"{frame}/{expected}".encode()).hexdigest()
    sized = {"frame_sha256": named, "frame_size": len(units), "seed": seed, "plan": plan}
    drawn = [subjects[unit.sha256] for unit in units if unit.drawn]
    texts = [_payloads(source(), {both[at].sha256 for both in drawn}) for at, source in enumerate((base, head))]
    added = enqueue(store, _with_payloads(units, subjects, texts), queue=queue, keep=keep, **sized)  # type: ignore[arg-type]
    left = {"single": single, "same": len(mine) - len(units), "other": len(asked) - len(mine)}
    authored, mixed = sum(bool(unit.authors) for unit in units), sum(bool(unit.second_lang) for unit in units)
    return Paired(len(units), len(drawn), added, **left, authored=authored, mixed=mixed)


def _matched(ours: Mapping[str, list[_Response]], theirs: Mapping[str, list[_Response]]) -> tuple[list[Both], int]:
    """(pairs in the order of ``ours``, responses without a partner)."""
    found, single = list[Both](), 0
    for question in dict.fromkeys((*ours, *theirs)):
        for one, other in zip_longest(ours.get(question, ()), theirs.get(question, ())):
            if question and one is not None and other is not None:
                found.append((one, other))
            else:
                single += (one is not None) + (other is not None)
    return found, single


def _by_question(traces: Iterable[Trace], known: Callable[[Trace], _Response]) -> Mapping[str, list[_Response]]:
    found: defaultdict[str, list[_Response]] = defaultdict(list)
    for trace in traces:
        found[trace.scenario or " ".join((text_of(trace.question) or "").split())].append(known(trace))
    return found


def _langs(both: Both) -> tuple[str, ...]:
    """The languages that the two responses state, each once."""
    return tuple(dict.fromkeys(one.lang for one in both if one.lang))


def _within(langs: Collection[str], both: Both) -> bool:
    """Whether a pair states its language, and all it states is of these."""
    return bool(_langs(both)) and all(covers(langs, lang) for lang in _langs(both))


def _payloads(traces: Iterable[Trace], wanted: Collection[str]) -> dict[str, bytes]:
    """The canonical JSON of those traces, by their hash."""
    found = dict[str, bytes]()
    for trace in traces:
        if (sha := trace_hash(trace)) in wanted:
            found.setdefault(sha, msgspec.json.encode(trace))
    if missing := len(wanted) - len(found):
        raise InputError(
            f"{missing} traces that were drawn are gone: the files changed while they were read; draw again"
        )
    return found


def _unit(both: Both, subject: str, chance: float, seed: str) -> Unit:
    """A pair of the frame; its texts come when it is drawn."""
    unit = Unit.even(both[0].trace, subject, chance, seed, WHY, None)
    lang, second_lang, *_ = (*_langs(both), None, None)
    return replace(
        unit,
        lang=lang,
        second_lang=second_lang,
        tag=both[0].tag or both[1].tag,
        warnings=tuple(dict.fromkeys(name for one in both for name in one.warnings)),
        authors=tuple(dict.fromkeys(name for one in both for name in one.authors)),
        responses=tuple(one.sha256 for one in both),
    )


def _with_payloads(
    units: Iterable[Unit], subjects: Mapping[str, Both], texts: list[dict[str, bytes]]
) -> Iterator[Unit]:
    """The units as they are, and those that were drawn with both texts."""
    for unit in units:
        if not unit.drawn:
            yield unit
            continue
        one, other = (
            (side.sha256, known[side.sha256]) for side, known in zip(subjects[unit.sha256], texts, strict=True)
        )
        made = pair(one, other)
        yield replace(unit, payload=made.first, second=made.second)
