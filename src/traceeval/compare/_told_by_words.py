"""What no case asks in its words, told by words that go together in what people ask."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from traceeval.compare._told import CHANCE, TOGETHER, Told

if TYPE_CHECKING:
    from traceeval.measures.kinds import Asked, Kinds
    from traceeval.measures.themes import Themes

_LUCK, _LARGE, _IN_ITS_WORDS = 0.01, 0.02, 0.25
"""Level of the test that cases are spread over all themes but one; share of a theme that counts; share of the kinds up to
which those without a case in their words are gaps: a suite that has all others speaks as people do."""


def told_by_words(kinds: Kinds, loose: Any, ways: Sequence[Asked], owner: Any) -> Told:
    """It is never sure that a case is of a theme. ``loose``: bool[kinds], without one; ``owner``: the case of each way.

    Unless the suite has nearly all in its own words, a kind without a case is a gap when no case is of its theme, and
    chance is no reason: kinds of other themes are seldom without a case in their words, or there are so many cases that
    one would be of this theme. Else words cannot tell.
    """
    import numpy as np

    themes = kinds.themes()
    loose = loose & (loose.sum() > _IN_ITS_WORDS * kinds.wordy.sum())
    beside = np.eye(themes.count + 1, dtype=bool)[kinds.placed(ways, themes), : themes.count]
    named = np.where(themes.of < 0, -1, len(loose) + themes.of)
    cases = len(np.unique(owner[beside.any(axis=1)]))
    return Told(
        names=np.where(np.append(loose, False)[kinds.of], named, kinds.of),
        covers=np.zeros_like(beside),
        beside=beside,
        sure=_sure(themes, loose[kinds.wordy], kinds.times, cases) | (not ways),
    )


def _sure(themes: Themes, loose: Any, times: Any, cases: int) -> Any:
    """Of which themes chance is no reason to be without a case: bool[themes]. ``loose``: bool[kinds], without one.

    As many of its kinds at least, each as often as those of other themes; or none of the cases, spread evenly over the
    large themes.
    """
    import numpy as np
    from scipy.stats import binom

    if themes.together < TOGETHER:
        return np.zeros(themes.count, dtype=bool)
    kinds = np.bincount(themes.kinds, minlength=themes.count)
    without = np.bincount(themes.kinds, loose, minlength=themes.count)
    elsewhere = (without.sum() - without + 0.5) / (kinds.sum() - kinds + 1.0)
    sizes = np.bincount(themes.of[themes.of >= 0], times[themes.of >= 0])
    large = max(int((sizes >= _LARGE * times.sum()).sum()), 1)
    return (binom.sf(without - 1, kinds, elsewhere) <= CHANCE) | bool(cases and (1 - 1 / large) ** cases <= _LUCK)
