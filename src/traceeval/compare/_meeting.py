"""Kinds of what production asks, met with the cases: which have one, which have none, and of which words cannot tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from traceeval.compare._told_by_sources import sources_of, told_by_sources
from traceeval.compare._told_by_words import told_by_words
from traceeval.measures.interval import wilson

if TYPE_CHECKING:
    from traceeval.compare.coverage import Production
    from traceeval.measures.kinds import Asked, Kinds


@dataclass(frozen=True, slots=True)
class Met:
    """``of``: the kind of each trace, -1: none; ``like``: bool[cases, kinds]; ``gap``: of each kind, as of ``AskedKind``.

    ``beside``: how many cases are of the theme of each kind, where words cannot tell; ``told``: bool[cases], of a theme.
    ``silent``: bool[things], which say no word that tells, nor do their tools. ``by_documents``: traces of which the
    documents that were found told what they ask.
    """

    kinds: Kinds
    of: Any
    like: Any
    gap: tuple[bool | None, ...]
    beside: Any
    told: Any
    silent: Any
    by_documents: int


def kinds_of(production: Production) -> Kinds:
    """The kinds of what production asks."""
    import numpy as np

    from traceeval.measures.kinds import Kinds

    return Kinds(production.things, np.bincount(production.at, minlength=len(production.things)))


def meet(production: Production, cases: Mapping[str, Sequence[Asked]], least: float) -> Met:
    """Kinds that words alone tell apart are taken together by what was found for them, where that is known.

    Else those are that no case is like, by words that go together in what people ask: a case may ask for them in others.
    A kind of things that say no word that tells is none.
    """
    import numpy as np

    kinds = kinds_of(production)
    ways = [one for several in cases.values() for one in several]
    owner = np.repeat(np.arange(len(cases)), [len(several) for several in cases.values()])
    mute = kinds.wordy & np.array([not kinds.words(kind) for kind in range(len(kinds.wordy))], dtype=bool)
    alike = kinds.alike(ways) & ~mute
    like = _by_case(owner, alike, len(cases))
    told = told_by_words(kinds, kinds.wordy & ~like.any(axis=0), ways, owner)
    sources = sources_of(kinds, production.things)
    if sources is not None:
        told = told_by_sources(sources, kinds, production.things, mute, ways, alike, told)
    silent = np.append(mute, False)[kinds.of]
    regrouped, names = kinds.regrouped(np.where(silent & (told.names < len(mute)), -1, told.names))
    covers, beside = (_by_case(owner, found, len(cases)) for found in (told.covers, told.beside))
    met: Any = np.hstack([like, covers])[:, names]
    count: Any = np.append(np.zeros(len(mute), dtype=int), beside.sum(axis=0))[names]
    unsure: Any = np.append(np.zeros(len(mute), dtype=bool), ~told.sure)[names] | (count > 0)
    large = (_large(size, len(production.traces), least) for size in regrouped.sizes.tolist())
    has = met.any(axis=0).tolist()
    return Met(
        kinds=regrouped,
        of=regrouped.of[np.asarray(production.at)],
        like=met,
        gap=tuple(
            not one and (None if open_ else big) for one, open_, big in zip(has, unsure.tolist(), large, strict=True)
        ),
        beside=count,
        told=(covers | beside).any(axis=1),
        silent=silent,
        by_documents=told.by_documents,
    )


def _large(size: float, traces: int, least: float) -> bool:
    """Whether a kind needs a case, for all that chance may have done."""
    return (wilson(size, traces) or (0.0, 0.0))[0] >= least


def _by_case(owner: Any, found: Any, count: int) -> Any:
    """Whether any way of a case: bool[cases, columns], of bool[ways, columns]."""
    import numpy as np

    told = np.zeros((count, found.shape[1]), dtype=bool)
    np.logical_or.at(told, owner, found)
    return told
