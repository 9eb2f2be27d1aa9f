"""Kinds of what production asks, met with the cases: which have one, which have none, and of which words cannot tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from traceeval.measures.interval import wilson

if TYPE_CHECKING:
    from traceeval.compare.coverage import Production
    from traceeval.measures.kinds import Asked, Kinds
    from traceeval.measures.themes import Themes

_CHANCE = 0.1
"""A theme lacks cases by chance: up to here it would happen to cases that are spread evenly over all themes."""


@dataclass(frozen=True, slots=True)
class Met:
    """``of``: the kind of each trace, -1: none; ``like``: bool[cases, kinds]; ``gap``: of each kind, as of ``AskedKind``.

    ``beside``: how many cases are of the theme of each kind, where words cannot tell; ``told``: bool[cases], of a theme.
    """

    kinds: Kinds
    of: Any
    like: Any
    gap: tuple[bool | None, ...]
    beside: Any
    told: Any


def kinds_of(production: Production) -> Kinds:
    """The kinds of what production asks."""
    import numpy as np

    from traceeval.measures.kinds import Kinds

    return Kinds(production.things, np.bincount(production.at, minlength=len(production.things)))


def meet(production: Production, cases: Mapping[str, Sequence[Asked]], least: float) -> Met:
    """Kinds that words alone tell apart and that no case is like are taken together by their themes.

    Such a kind may be what a case asks in other words. It is a gap when no case is of its theme, and there are cases
    enough that chance would hardly have left a theme without; else words cannot tell.
    """
    import numpy as np

    kinds = kinds_of(production)
    ways = [one for several in cases.values() for one in several]
    owner = np.repeat(np.arange(len(cases)), [len(several) for several in cases.values()])
    like = _by_case(owner, kinds.alike(ways), len(cases))
    themes = kinds.themes()
    placed = np.eye(themes.count + 1, dtype=bool)[kinds.placed(ways, themes), : themes.count]
    of_theme = _by_case(owner, placed, len(cases))
    loose = kinds.wordy & ~like.any(axis=0)
    first = len(loose)  # from here on a name is that of a theme
    named = np.where(np.append(loose, False)[kinds.of], np.where(themes.of < 0, -1, first + themes.of), kinds.of)
    regrouped, names = kinds.regrouped(named)
    large = [(wilson(size, len(production.traces)) or (0.0, 0.0))[0] >= least for size in regrouped.sizes]
    sure = _sure(themes, kinds.times, len(cases), least)
    beside = np.append(np.zeros(first, dtype=int), of_theme.sum(axis=0))[names]
    blank = np.zeros((len(cases), themes.count), dtype=bool)
    alike = np.hstack([like, blank])[:, names]
    gap = (
        None if name >= first and (count or not sure) else bool(enough and not has)
        for name, count, enough, has in zip(names, beside, large, alike.any(axis=0), strict=True)
    )
    return Met(regrouped, regrouped.of[np.asarray(production.at)], alike, tuple(gap), beside, of_theme.any(axis=1))


def _by_case(owner: Any, found: Any, count: int) -> Any:
    """Whether any way of a case: bool[cases, columns], of bool[ways, columns]."""
    import numpy as np

    told = np.zeros((count, found.shape[1]), dtype=bool)
    np.logical_or.at(told, owner, found)
    return told


def _sure(themes: Themes, times: Any, cases: int, least: float) -> bool:
    """Whether so many cases, spread evenly over the themes that are large enough, would leave one out by chance only."""
    import numpy as np

    sizes = np.bincount(themes.of[themes.of >= 0], times[themes.of >= 0])
    large = int((sizes >= least * times.sum()).sum())
    return bool(large) and (1 - 1 / large) ** cases <= _CHANCE
