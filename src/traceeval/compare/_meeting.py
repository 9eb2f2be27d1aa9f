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

_CHANCE, _LUCK, _TOGETHER, _LARGE, _IN_ITS_WORDS = 0.1, 0.01, 0.35, 0.02, 0.25
"""Levels of the two tests that a theme lacks cases; modularity from which there are themes; share of a theme that counts;
share of the kinds up to which those without a case in their words are gaps: a suite that has all others speaks as people do.
"""


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

    Unless the suite has nearly all in its own words, such a kind may be what a case asks in others. It is a gap when no
    case is of its theme, and chance is no reason: kinds of other themes are seldom without a case in their words, or
    there are so many cases that one would be of this theme. Else words cannot tell.
    """
    import numpy as np

    kinds = kinds_of(production)
    ways = [one for several in cases.values() for one in several]
    owner = np.repeat(np.arange(len(cases)), [len(several) for several in cases.values()])
    like = _by_case(owner, kinds.alike(ways), len(cases))
    themes = kinds.themes()
    placed = np.eye(themes.count + 1, dtype=bool)[kinds.placed(ways, themes), : themes.count]
    of_theme = _by_case(owner, placed, len(cases))
    loose = _loose(kinds.wordy, like.any(axis=0))
    first = len(loose)  # from here on a name is that of a theme
    named = np.where(np.append(loose, False)[kinds.of], np.where(themes.of < 0, -1, first + themes.of), kinds.of)
    regrouped, names = kinds.regrouped(named)
    large = [(wilson(size, len(production.traces)) or (0.0, 0.0))[0] >= least for size in regrouped.sizes]
    sure: Any = np.append(
        np.zeros(first, dtype=bool), _sure(themes, loose[kinds.wordy], kinds.times, of_theme.any(axis=1).sum())
    )[names]
    beside = np.append(np.zeros(first, dtype=int), of_theme.sum(axis=0))[names]
    blank = np.zeros((len(cases), themes.count), dtype=bool)
    alike: Any = np.hstack([like, blank])[:, names]
    covered: Any = alike.any(axis=0)
    gap = (
        None if name >= first and (count or not told) else bool(enough and not has)
        for name, count, told, enough, has in zip(
            names.tolist(), beside.tolist(), sure.tolist(), large, covered.tolist(), strict=True
        )
    )
    return Met(regrouped, regrouped.of[np.asarray(production.at)], alike, tuple(gap), beside, of_theme.any(axis=1))


def _loose(wordy: Any, covered: Any) -> Any:
    """Which kinds may be asked in other words: bool[kinds]; none where the suite has nearly every kind in its own words."""
    loose = wordy & ~covered
    return loose & (loose.sum() > _IN_ITS_WORDS * wordy.sum())


def _by_case(owner: Any, found: Any, count: int) -> Any:
    """Whether any way of a case: bool[cases, columns], of bool[ways, columns]."""
    import numpy as np

    told = np.zeros((count, found.shape[1]), dtype=bool)
    np.logical_or.at(told, owner, found)
    return told


def _sure(themes: Themes, loose: Any, times: Any, cases: int) -> Any:
    """Of which themes chance is no reason to be without a case: bool[themes]. ``loose``: bool[kinds], without one.

    As many of its kinds at least, each as often as those of other themes; or none of the cases, spread evenly over the
    large themes.
    """
    import numpy as np
    from scipy.stats import binom

    if themes.together < _TOGETHER:
        return np.zeros(themes.count, dtype=bool)
    kinds = np.bincount(themes.kinds, minlength=themes.count)
    without = np.bincount(themes.kinds, loose, minlength=themes.count)
    elsewhere = (without.sum() - without + 0.5) / (kinds.sum() - kinds + 1.0)
    sizes = np.bincount(themes.of[themes.of >= 0], times[themes.of >= 0])
    large = max(int((sizes >= _LARGE * times.sum()).sum()), 1)
    return (binom.sf(without - 1, kinds, elsewhere) <= _CHANCE) | bool(cases and (1 - 1 / large) ** cases <= _LUCK)
