"""Documents that are found together are one theme, and so is what they are found for, in whatever words it is asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from traceeval.measures.communities import modularity_of, parted_communities

if TYPE_CHECKING:
    from traceeval.measures.kinds import Asked

_TWICE, _OFTEN, _LINKED, _DEVIATIONS = 2, 5, 2000, 1.0
"""Times that a document, and a word, has to be met to tell; most documents that are linked; by how much two have to be found
together more than chance finds them."""
_PRIOR, _STRAY, _ROUNDS, _SURE, _SMALL, _CHUNK = 5.0, 0.2, 8, 0.9, 0.005, 4096
"""Weight of what all is like in what a theme is like; share of what is found for no reason; posterior from which
a thing is placed; share of production that makes a theme;
things that are placed at a time."""


class Sources:
    """Themes by what was found. ``of``: the theme of each thing, -1: none is likely; ``count``: of themes.

    ``together``: modularity, how much more often documents of a theme are found together than chance would; 0: not at all.

    Documents are linked by how much more often they are found together than chance would have it; communities of that
    graph (Blondel et al. 2008) are themes, the small ones beside many others too. Things are placed by their documents and
    their words (naive Bayes, of mixtures with what all things are like), and themes are learned anew from what is placed.
    Documents that only one thing found tell nothing.
    """

    def __init__(self, things: Sequence[Asked], times: Any) -> None:
        """``times``: how often each was asked. Things of which nobody knows what was found are placed by words."""
        self._documents = _Names(((one.found or ()) for one in things), times, _TWICE)
        self._words = _Names((one.words for one in things), times, _OFTEN)
        features = self._features(things)
        documents = features[:, : len(self._documents.at)]
        self._all = _rates(times @ features, len(self._documents.at))
        met = np.asarray(times @ documents)
        often = np.argsort(-met, kind="stable")[:_LINKED]
        linked = documents[:, often]
        links = _links(linked, times)
        half = _half(linked)
        communities = parted_communities(links, (_links(linked, times * half), _links(linked, times * ~half)))
        self.together = modularity_of(links, communities)
        self.of = _by_community(linked, np.log1p(times.sum() / met[often]), communities)
        for _ in range(_ROUNDS):
            before, self.of = self.of, _large(self.of, times)
            self._learn(features, times)
            self.of = self._placed(features)
            if (before == self.of).all():
                break

    @property
    def count(self) -> int:
        """Of themes."""
        return len(self._speak)

    def placed(self, things: Sequence[Asked]) -> Any:
        """The theme that other things are of, nearly for sure; -1: there is none."""
        return self._placed(self._features(things))

    def knows(self, things: Sequence[Asked]) -> Any:
        """For which of other things a document was found that tells: bool[things]."""
        return self._documents.held((one.found or ()) for one in things).getnnz(axis=1) > 0

    def _features(self, things: Sequence[Asked]) -> Any:
        from scipy.sparse import hstack

        documents = self._documents.held((one.found or ()) for one in things)
        return hstack([documents, self._words.held(one.words for one in things)]).tocsr()

    def _learn(self, features: Any, times: Any) -> None:
        """How much each document and word speaks for each theme: log odds, float[themes, names]."""
        count = int(self.of.max(initial=-1)) + 1
        met = _sums(features, times, self.of, count)
        split = len(self._documents.at)
        told = np.hstack([_smooth(met[:, :split], self._all[:split]), _smooth(met[:, split:], self._all[split:])])
        self._speak = np.log((1 - _STRAY) * told / self._all + _STRAY)
        sizes = np.bincount(self.of + 1, times, minlength=count + 1)
        self._prior = np.log((np.roll(sizes, -1) + 1) / (sizes.sum() + count + 1))

    def _placed(self, features: Any) -> Any:
        return _by_chunk(features, self._likely)

    def _likely(self, features: Any) -> Any:
        """What holds nothing that tells is of none, though nearly all may be of one."""
        odds = np.hstack([features @ self._speak.T, np.zeros((features.shape[0], 1))]) + self._prior
        odds -= odds.max(axis=1, keepdims=True)
        shares = np.exp(odds)
        shares /= shares.sum(axis=1, keepdims=True)
        best = shares.argmax(axis=1)
        sure = (shares.max(axis=1) >= _SURE) & (features.getnnz(axis=1) > 0)
        return np.where((best < self.count) & sure, best, -1)


class _Names:
    """Names that are met often enough, each with its column."""

    def __init__(self, sets: Iterable[Iterable[str]], times: Any, least: int) -> None:
        met: Counter[str] = Counter()
        for one, often in zip(sets, times, strict=True):
            for name in one:
                met[name] += often
        self.at = {name: at for at, name in enumerate(sorted(name for name, often in met.items() if often >= least))}

    def held(self, sets: Iterable[Iterable[str]]) -> Any:
        """Which of them each set holds: sparse [sets, names], of 1."""
        from scipy.sparse import csr_matrix

        rows = [sorted(self.at[name] for name in one if name in self.at) for one in sets]
        places = np.array([at for row in rows for at in row], dtype=np.int64)
        ends = np.cumsum([0, *(len(row) for row in rows)])
        return csr_matrix((np.ones(len(places)), places, ends), shape=(len(rows), len(self.at)))


def _rates(met: Any, split: int) -> Any:
    """Of documents, and of words, each one's share."""
    return np.concatenate([part / max(part.sum(), 1.0) for part in (met[:split], met[split:])])


def _smooth(met: Any, shares: Any) -> Any:
    return (met + _PRIOR * shares) / (met.sum(axis=1, keepdims=True) + _PRIOR)


def _sums(features: Any, times: Any, of: Any, count: int) -> Any:
    from scipy.sparse import csr_matrix

    inside = np.flatnonzero(of >= 0)
    belong = csr_matrix((times[inside], (of[inside], inside)), shape=(count, len(of)))
    return (belong @ features).toarray()


def _large(of: Any, times: Any) -> Any:
    """Themes that are large enough, numbered anew; the things of others are of none."""
    kept = np.bincount(of + 1, times)[1:] >= max(_SMALL * times.sum(), _OFTEN)
    return np.append(np.where(kept, np.cumsum(kept) - 1, -1), -1)[of]


def _by_community(documents: Any, weights: Any, of: Any) -> Any:
    """For each thing the community that the most weight of its documents is of; -1: of none.

    A document that goes with no other is of none.
    """
    told = np.zeros((len(of), int(of.max(initial=-1)) + 1))
    places = np.flatnonzero(np.bincount(of, minlength=1)[of] > 1)
    told[places, of[places]] = weights[places]
    if not told.shape[1]:
        return np.full(documents.shape[0], -1)

    def most(part: Any) -> Any:
        speak = part @ told
        return np.where(speak.max(axis=1) > 0, speak.argmax(axis=1), -1)

    return _by_chunk(documents, most)


def _by_chunk(features: Any, placed: Callable[[Any], Any]) -> Any:
    """What is placed, some rows at a time."""
    parts = [placed(features[start : start + _CHUNK]) for start in range(0, features.shape[0], _CHUNK)]
    return np.concatenate(parts) if parts else np.full(0, -1)


def _half(documents: Any) -> Any:
    """Half of the things, by what was found for each, so that their order tells nothing: bool[things]."""
    codes = np.random.default_rng(0).integers(2**31, size=documents.shape[1])
    return (np.asarray(documents @ codes, dtype=np.int64) >> 20) % 2 == 1


def _links(documents: Any, times: Any) -> Any:
    """How much more often than by chance two documents are found together: sparse [documents, documents]."""
    from scipy.sparse import coo_matrix, diags

    sizes = np.maximum(np.asarray(documents.sum(axis=1)).ravel() - 1, 1)
    together = (documents.T @ diags(times / sizes) @ documents).tocoo()
    apart = together.row != together.col
    row, col, seen = together.row[apart], together.col[apart], together.data[apart]
    ends = np.bincount(row, seen, minlength=documents.shape[1])
    chance = ends[row] * ends[col] / max(ends.sum(), 1e-12)
    more = seen > chance + _DEVIATIONS * np.sqrt(chance)
    return coo_matrix(((seen - chance)[more], (row[more], col[more])), shape=together.shape)
