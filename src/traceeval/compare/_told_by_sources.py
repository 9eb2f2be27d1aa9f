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

    asked = _open(kinds, things, kinds.wordy)
    known = asked & np.array([bool(one.found) for one in things], dtype=bool)
    if not known.any() or kinds.times[known].sum() < _KNOWN * kinds.times[asked].sum():
        return None
    sources = Sources(things, kinds.times)
    return sources if sources.count and sources.together >= TOGETHER else None


def told_by_sources(
    sources: Sources, kinds: Kinds, things: Sequence[Asked], mute: Any, ways: Sequence[Asked], alike: Any, words: Told
) -> Told:
    """What words alone tell apart, and what is of no kind, by what was found. ``alike``: bool[ways, kinds], in words.

    Kinds for which nothing that goes together was found are left as they are ``words``: the documents may be missing;
    none of things that say nothing (``mute``: bool[kinds]) are. A case in words of none of the others, and for which no
    document was found that production knows, is never surely of a theme; nor is it sure that none is where too many cases
    are neither of a theme nor of a kind that is left. What its tools tell is of no theme.
    """
    import numpy as np

    taken = kinds.wordy & (mute | (_times(kinds, sources.of >= 0) >= _KNOWN * _times(kinds, kinds.of >= 0)))
    ours = _open(kinds, things, taken)
    elsewhere = kinds.told_by_tools(ways)
    placed = np.where(elsewhere, -1, sources.placed(ways))
    of_theme = np.eye(sources.count + 1, dtype=bool)[placed][:, :-1]
    covers = of_theme & (sources.knows(ways) | alike[:, taken].any(axis=1))[:, None]
    clear = (placed >= 0) | elsewhere | alike[:, ~taken].any(axis=1)
    first = len(mute) + len(words.sure)
    return Told(
        names=np.where(ours, np.where(sources.of < 0, -1, first + sources.of), words.names),
        covers=np.hstack([words.covers, covers]),
        beside=np.hstack([words.beside, of_theme & ~covers]),
        sure=np.append(words.sure, np.full(sources.count, clear.sum() >= (1 - CHANCE) * len(ways))),
        by_documents=int(kinds.times[ours & (sources.of >= 0)].sum()),
    )


def _open(kinds: Kinds, things: Sequence[Asked], among: Any) -> Any:
    """Things of some kinds, and those of no kind that their tools do not tell: bool[things]."""
    import numpy as np

    told = np.append(among, True)[kinds.of]
    lone = np.flatnonzero(kinds.of < 0)
    told[lone] = ~kinds.told_by_tools([things[at] for at in lone.tolist()])
    return told


def _times(kinds: Kinds, among: Any) -> Any:
    """How often things of each kind were asked, of some: float[kinds]."""
    import numpy as np

    inside = among & (kinds.of >= 0)
    return np.bincount(kinds.of[inside], kinds.times[inside], minlength=len(kinds.wordy))
