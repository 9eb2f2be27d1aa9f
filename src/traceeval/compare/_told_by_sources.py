"""What no case asks in its words, told by the documents that were found for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from traceeval.compare._told import CHANCE, TOGETHER, Told

if TYPE_CHECKING:
    from traceeval.measures.kinds import Asked, Kinds
    from traceeval.measures.sources import Sources

_KNOWN = 0.5
"""Share of what words alone tell apart of which it has to be known what was found; share of a kind that has to be placed."""


def sources_of(kinds: Kinds, things: Sequence[Asked]) -> Sources | None:
    """Themes by what was found; None: of too little it is known, or it hardly goes together, as all find the same."""
    import numpy as np

    from traceeval.measures.sources import Sources

    asked = np.append(kinds.wordy, True)[kinds.of]
    known = asked & _found(things)
    if not known.any() or kinds.times[known].sum() < _KNOWN * kinds.times[asked].sum():
        return None
    sources = Sources(things, kinds.times)
    return sources if sources.count and sources.together >= TOGETHER else None


def told_by_sources(sources: Sources, kinds: Kinds, mute: Any, ways: Sequence[Asked], alike: Any, words: Told) -> Told:
    """What words alone tell apart, and what is of no kind, by what was found. ``alike``: bool[ways], in words of any kind.

    Kinds for which nothing that goes together was found are left as they are ``words``: the documents may be missing;
    none of things that say nothing (``mute``: bool[kinds]) are. A case in words of no kind, and of which nobody knows what
    it finds, is never surely of a theme; nor is it sure that none is where too many cases are of no theme.
    """
    import numpy as np

    left = kinds.wordy & ~mute & (_times(kinds, sources.of >= 0) < _KNOWN * _times(kinds, kinds.of >= 0))
    ours = np.append(kinds.wordy & ~left, True)[kinds.of]
    placed = sources.placed(ways)
    of_theme = np.eye(sources.count + 1, dtype=bool)[placed][:, :-1]
    covers = of_theme & (_found(ways) | alike)[:, None]
    sure = (placed >= 0).sum() >= (1 - CHANCE) * len(ways)
    first = len(mute) + len(words.sure)
    return Told(
        names=np.where(ours, np.where(sources.of < 0, -1, first + sources.of), words.names),
        covers=np.hstack([words.covers, covers]),
        beside=np.hstack([words.beside, of_theme & ~covers]),
        sure=np.append(words.sure, np.full(sources.count, sure)),
        by_documents=int(kinds.times[ours & (sources.of >= 0)].sum()),
    )


def _found(things: Sequence[Asked]) -> Any:
    """Whether any document is known to have been found for each: bool[things]."""
    import numpy as np

    return np.array([bool(one.found) for one in things], dtype=bool)


def _times(kinds: Kinds, among: Any) -> Any:
    """How often things of each kind were asked, of some: float[kinds]."""
    import numpy as np

    inside = among & (kinds.of >= 0)
    return np.bincount(kinds.of[inside], kinds.times[inside], minlength=len(kinds.wordy))
