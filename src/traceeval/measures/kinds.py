"""What people ask of an application, in kinds: asked in like words, and answered with like tools.

Words are stems that carry content, weighed by how few ask with them; one that hardly anybody uses tells of no kind. Kinds
are found by leaders that are moved to the middle of what is like them, so the work grows with things times kinds, never
with pairs of things. What is like no kind is scattered: it stays unknown, and is no kind of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from traceeval.measures.tokens import tokens_of

if TYPE_CHECKING:
    from traceeval.measures.themes import Themes

FEWEST = 5
"""Things that make a kind, and that have to use a word for it to tell one."""
ALIKE_TOOLS, ALIKE_WORDS, ALONE_WORDS = 0.75, 0.05, 0.3
"""Cosine to the middle of a kind from which a thing is of it: of the tools, and of the words.

Of the words more is asked the less the tools tell: from the first, where nothing else is answered with such tools, to the
second, where everything is, or where nobody knows the tools.
"""
_SEED, _TOLD, _ROUNDS, _MOST, _CHUNK, _LONGEST, _HALF = 0.45, 0.1, 4, 500, 512, 40, 0.5
NOTHING = ""
"""The tool of what calls none; the word of what says none that tells."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing asked: its stems, and the tools that answer it; None: nobody knows which. ``forms``: stem -> as written.

    ``found``: the documents that were found for it; None: nobody knows which.
    """

    words: frozenset[str]
    tools: frozenset[str] | None
    found: frozenset[str] | None = None
    forms: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)


def asked(text: str, tools: Iterable[str] | None, found: Iterable[str] | None = None) -> Asked:
    """Out of a text. Numbers and single Latin letters tell of no kind; of what is long the first words, and documents, count."""
    told = tokens_of(text)
    forms = {stem: low for low, stem in zip(told.low, told.stems, strict=True) if _tells(stem)}
    content = dict.fromkeys(stem for stem in told.content if stem in forms)
    words = {stem: forms[stem] for stem in islice(content, _LONGEST)}
    documents = None if found is None else frozenset(islice(dict.fromkeys(found), _LONGEST))
    return Asked(frozenset(words), None if tools is None else frozenset(tools), documents, words)


def _tells(stem: str) -> bool:
    return stem[0].isalpha() and (len(stem) > 1 or not stem.isascii())


class Kinds:
    """Kinds of things, the largest first. ``of``: the kind of each thing, by its place; -1: scattered."""

    def __init__(self, things: Sequence[Asked], times: npt.ArrayLike | None = None) -> None:
        """``times``: how often each was asked; once unless said."""
        self._things = things
        self._times = np.ones(len(things)) if times is None else np.asarray(times, dtype=np.float64)
        self._words = _Space((one.words for one in things), self._times, FEWEST)
        self._tools = _Space(((one.tools or ()) for one in things), self._times, 1)
        vectors = self._vectors(things)
        self._move(vectors, self._leaders(vectors))
        self._move(vectors, _merged(self._centres, self._least)[self._nearest(vectors)])
        for _ in range(_ROUNDS):
            self._move(vectors, self._large(self._nearest(vectors)))
        self.of = self._large(self._nearest(vectors))

    def _move(self, vectors: tuple[Any, Any], of: Any) -> None:
        """Put each centre in the middle of its things, and say how like its words have to be."""
        self._centres = _middles(vectors, of, self._times)
        told = np.zeros(self._centres[0].shape[0])
        for start in range(0, len(of), _CHUNK):
            part = slice(start, start + _CHUNK)
            told += self._times[part] @ ((vectors[1][part] @ self._centres[1].T).toarray() >= ALIKE_TOOLS)
        self._common = told / self._times.sum()
        self._least = ALIKE_WORDS + (ALONE_WORDS - ALIKE_WORDS) * self._common

    @property
    def sizes(self) -> Any:
        """How often things of each kind were asked."""
        return np.bincount(self.of[self.of >= 0], self._times[self.of >= 0], minlength=self._centres[0].shape[0])

    @property
    def wordy(self) -> Any:
        """Which kinds words alone tell apart: no tool answers them, or at least half of what is asked is answered with theirs.

        bool[kinds].
        """
        return (self._common >= _HALF) | self._held(self._tools.vectors([()]))[0]

    @property
    def times(self) -> Any:
        """How often each thing was asked."""
        return self._times

    def regrouped(self, names: Any) -> tuple[Kinds, Any]:
        """The same things in other kinds, and the name of each; ``names``: of the kind of each thing, -1: scattered."""
        other = copy(self)
        other.of = self._large(names)
        other._move(self._vectors(self._things), other.of)
        places = np.flatnonzero(other.of >= 0)
        found = np.zeros(other._centres[0].shape[0], dtype=int)
        found[other.of[places]] = names[places]
        return other, found

    def themes(self) -> Themes:
        """Those of the kinds that words alone tell apart; things of other kinds, and of none, are of no theme."""
        from traceeval.measures.themes import Themes

        words = self._words.vectors(one.words for one in self._things)
        near = np.asarray(words.multiply(self._centres[0][np.maximum(self.of, 0)]).sum(axis=1)).ravel()
        renamed = np.append(np.where(self.wordy, np.cumsum(self.wordy) - 1, -1), -1)[self.of]
        return Themes(self._words.shares(words), self._times, renamed, near >= _SEED)

    def placed(self, things: Sequence[Asked], themes: Themes) -> Any:
        """The theme of each of other things; -1: none, or its tools tell its kind."""
        words = self._words.vectors(one.words for one in things)
        return np.where(self.told_by_tools(things), -1, themes.placed(self._words.shares(words)))

    def told_by_tools(self, things: Sequence[Asked]) -> Any:
        """Of which things the tools are known, and those of kinds that words alone do not tell apart: bool[things]."""
        known = np.array([one.tools is not None for one in things], dtype=bool)
        held = self._held(self._tools.vectors((one.tools or ()) for one in things))
        return known & held.any(axis=1) & ~(held & self.wordy).any(axis=1)

    def alike(self, things: Sequence[Asked]) -> Any:
        """Which kinds other things are like: bool[things, kinds].

        More tools than a kind is answered with do no harm; where nobody knows the tools, words alone are compared, and
        what says no word that tells is like nothing.
        """
        words, tools = self._vectors(things)
        said = (words @ self._centres[0].T).toarray()
        known = np.array([one.tools is not None for one in things], dtype=bool)[:, None]
        found = (said >= self._least) & self._held(tools)
        speaks = np.array([self._words.knows(one.words) for one in things], dtype=bool)[:, None]
        return np.where(known, found, speaks & (said >= ALONE_WORDS))

    def _held(self, tools: Any) -> Any:
        """Which kinds are answered with none but tools of these rows, or hardly any: bool[rows, kinds]."""
        return (tools.sign() @ self._centres[1].multiply(self._centres[1]).T).toarray() >= ALIKE_TOOLS**2

    def near(self, things: Sequence[Asked], others: Sequence[Asked]) -> Any:
        """Whether any of the others is asked nearly as each of these: bool[things]. For what is of no kind."""
        telling = [one for one in others if one.tools is not None or self._words.knows(one.words)]
        return _assigned(self._vectors(things), self._vectors(telling), _SEED) >= 0

    def words(self, kind: int, most: int = 4) -> tuple[str, ...]:
        """Those by which a kind is known, the most telling first."""
        row = self._centres[0][kind].toarray()[0]
        stems = [self._words.names[at] for at in np.argsort(-row, kind="stable")[:most] if row[at] > _TOLD]
        written: dict[str, Counter[str]] = {stem: Counter() for stem in stems if stem}
        for thing, _ in self._inside(kind):
            for stem in written.keys() & thing.words:
                written[stem][thing.forms.get(stem, stem)] += 1
        return tuple(max(sorted(forms), key=forms.__getitem__) for forms in written.values() if forms)

    def tools(self, kind: int) -> tuple[str, ...]:
        """Those that at least half of a kind is answered with."""
        met: Counter[str] = Counter()
        for thing, often in self._inside(kind):
            for tool in thing.tools or ():
                met[tool] += often
        return tuple(sorted(tool for tool, often in met.items() if 2 * often >= self.sizes[kind]))

    def _inside(self, kind: int) -> Iterator[tuple[Asked, int]]:
        """The things of a kind, and how often each was asked."""
        return ((self._things[at], int(self._times[at])) for at in np.flatnonzero(self.of == kind).tolist())

    def _vectors(self, things: Sequence[Asked]) -> tuple[Any, Any]:
        return self._words.vectors(one.words for one in things), self._tools.vectors(
            (one.tools or ()) for one in things
        )

    def _nearest(self, vectors: tuple[Any, Any]) -> Any:
        return _assigned(vectors, self._centres, self._least)

    def _large(self, of: Any) -> Any:
        """Kinds that are large enough, numbered anew by size; the things of others are scattered."""
        sizes = np.bincount(of[of >= 0], self._times[of >= 0]) if (of >= 0).any() else np.zeros(0)
        order = [at for at in np.argsort(-sizes, kind="stable") if sizes[at] >= FEWEST]
        renamed = np.full(len(sizes) + 1, -1)
        renamed[order] = np.arange(len(order))
        return renamed[of]

    def _leaders(self, vectors: tuple[Any, Any]) -> Any:
        """Things that are unlike each other, those in the thick of it first, at most ``_MOST``; each thing's, or -1."""
        words, tools = vectors
        thick = np.asarray(words @ (self._times @ words)).ravel() * self._times
        leaders: list[int] = []
        of = np.full(words.shape[0], -1)
        order = np.argsort(-thick, kind="stable")
        for start in range(0, len(order), _CHUNK):
            chunk = order[start : start + _CHUNK]
            part = words[chunk], tools[chunk]
            old = len(leaders)
            of[chunk] = _assigned(part, (words[leaders], tools[leaders]), _SEED) if old else -1
            for place in np.flatnonzero(of[chunk] < 0):
                if len(leaders) == _MOST:
                    break
                if of[chunk[place]] < 0:
                    mine = words[chunk[place]], tools[chunk[place]]
                    like = (_cosine(part, mine, _SEED)[:, 0] > 0) & (of[chunk] < 0)
                    like[place] = True
                    of[chunk[like]] = len(leaders)
                    leaders.append(int(chunk[place]))
        return of


class _Space:
    """Sets as vectors of length 1, each name weighed by how few hold it (Spärck Jones 1972)."""

    def __init__(self, sets: Iterable[Collection[str]], times: Any, least: int) -> None:
        held: Counter[str] = Counter()
        for one, often in zip(sets, times, strict=True):
            for name in one or (NOTHING,):
                held[name] += often
        total = float(times.sum())
        self.names = sorted({NOTHING} | {name for name, often in held.items() if often >= least})
        self._at = {name: at for at, name in enumerate(self.names)}
        self._weights = np.array([np.log1p(total / max(held[name], 1.0)) for name in self.names])

    def knows(self, names: Collection[str]) -> bool:
        """Whether any of these tells."""
        return not self._at.keys().isdisjoint(names)

    def vectors(self, sets: Iterable[Collection[str]]) -> Any:
        """One row each, sparse; a set of which no name is known is that of nothing."""
        from scipy.sparse import csr_matrix

        rows = [sorted(self._at[name] for name in one if name in self._at) or [self._at[NOTHING]] for one in sets]
        places = np.array([at for row in rows for at in row], dtype=np.int64)
        ends = np.cumsum([0, *(len(row) for row in rows)])
        found = csr_matrix((self._weights[places], places, ends), shape=(len(rows), len(self.names)))
        return _unit(found)

    def shares(self, vectors: Any) -> Any:
        """The same rows, of which each name has its share of the weight; a row of nothing is empty."""
        from scipy.sparse import diags

        kept = np.ones(len(self.names))
        kept[self._at[NOTHING]] = 0.0
        told = vectors @ diags(kept)
        return (diags(1 / np.maximum(np.asarray(told.sum(axis=1)).ravel(), 1e-12)) @ told).tocsr()


def _unit(matrix: Any) -> Any:
    from scipy.sparse import diags

    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return (diags(1 / np.maximum(lengths, 1e-12)) @ matrix).tocsr()


def _cosine(vectors: tuple[Any, Any], centres: tuple[Any, Any], least: Any) -> Any:
    """How like each thing is each centre, 0 where words or tools are too unlike; dense, [things, centres]."""
    words, tools = ((one @ other.T).toarray() for one, other in zip(vectors, centres, strict=True))
    return np.where((words >= least) & (tools >= ALIKE_TOOLS), words + tools, 0.0)


def _assigned(vectors: tuple[Any, Any], centres: tuple[Any, Any], least: Any) -> Any:
    found = np.full(vectors[0].shape[0], -1)
    if not centres[0].shape[0]:
        return found
    for start in range(0, len(found), _CHUNK):
        like = _cosine((vectors[0][start : start + _CHUNK], vectors[1][start : start + _CHUNK]), centres, least)
        found[start : start + _CHUNK] = np.where(like.max(axis=1) > 0, like.argmax(axis=1), -1)
    return found


def _middles(vectors: tuple[Any, Any], of: Any, times: Any) -> tuple[Any, Any]:
    """The middle of each kind, of length 1 again."""
    from scipy.sparse import csr_matrix

    inside = np.flatnonzero(of >= 0)
    kinds = int(of.max(initial=-1)) + 1
    belong = csr_matrix((times[inside], (of[inside], inside)), shape=(kinds, len(of)))
    return _unit(belong @ vectors[0]), _unit(belong @ vectors[1])


def _merged(centres: tuple[Any, Any], least: Any) -> Any:
    """A new number for each centre, the same for those that are alike on average (Sokal & Michener 1958); and -1 for none."""
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    if len(least) < 2:
        return np.append(np.arange(len(least)), -1)
    words, tools = ((one @ one.T).toarray() for one in centres)
    apart = np.where(tools >= ALIKE_TOOLS, 1 + np.maximum(least[:, None], least) - words, 3.0)
    np.fill_diagonal(apart, 0.0)
    return np.append(fcluster(linkage(squareform(apart, checks=False), "average"), 1.0, "distance") - 1, -1)
