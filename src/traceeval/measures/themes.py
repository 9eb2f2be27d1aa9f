"""Kinds of things whose words go together in what people ask are one theme, though no two of them say the same.

A theme tells that something is asked about in other words; it never tells that two wishes are the same.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from traceeval.measures.communities import communities_of, modularity_of

_RESOLUTION, _ROUNDS, _MOSTLY, _COMMON, _PAIR = 2.0, 3, 0.5, 0.25, 2.001
"""Of the communities; of moving things; weight of the words that places; share of the kinds over which a word links none,
but never of two."""


class Themes:
    """``of``: the theme of each thing, -1: it says no word that tells; ``kinds``: that of each kind; ``count``: of themes.

    ``together``: modularity, how much more the kinds of a theme are linked than chance would link them; 0: not at all.

    Kinds are linked by Bhattacharyya's coefficient of their words (1943), of which those that nearly every kind says link
    none; themes are the communities of that graph (Blondel et al. 2008). Each thing is then moved to the theme that its
    words speak for, a word for a theme by how much more of it says it than of the others.
    """

    def __init__(self, words: Any, times: Any, kinds: Any, typical: Any) -> None:
        """``words``: sparse [things, names], rows that sum to 1 or 0; ``times``: how often each was asked.

        ``kinds``: the kind of each thing, -1: none; ``typical``: whether it tells what its kind is like.
        """
        told = np.where(typical, kinds, -1)
        links = _links(_rates(words, times, told, int(kinds.max(initial=-1)) + 1))
        self.kinds = communities_of(links, _RESOLUTION)
        self.count = int(self.kinds.max(initial=-1)) + 1
        self.together = modularity_of(links, self.kinds)
        self.of = np.append(self.kinds, -1)[told]
        for _ in range(_ROUNDS):
            self._speak = _spoken(words, times, self.of, self.count)
            self.of = np.where(kinds >= 0, _theme(words @ self._speak.T, 1e-9), -1)
        self._speak = _spoken(words, times, self.of, self.count)

    def placed(self, words: Any) -> Any:
        """The theme for which most of the words of each of other things speak; -1: there is none."""
        return _theme(words @ self._speak.T, _MOSTLY)


def _theme(told: Any, least: float) -> Any:
    """The theme that is told the most of each row, from ``least`` on; -1: none is."""
    if not told.shape[1]:
        return np.full(told.shape[0], -1)
    return np.where(told.max(axis=1) >= least, told.argmax(axis=1), -1)


def _rates(words: Any, times: Any, of: Any, groups: int) -> Any:
    """Which share of each group says each word: float[groups, names]."""
    from scipy.sparse import csr_matrix

    inside = np.flatnonzero(of >= 0)
    belong = csr_matrix((times[inside], (of[inside], inside)), shape=(groups, len(of)))
    return (belong @ words.sign()).toarray() / np.maximum(np.asarray(belong.sum(axis=1)), 1.0)


def _spoken(words: Any, times: Any, of: Any, count: int) -> Any:
    """How much each word speaks for each theme: float[themes, names], columns that sum to 1 or 0."""
    rates = _rates(words, times, of, count)
    return rates / np.maximum(rates.sum(axis=0), 1e-12)


def _links(rates: Any) -> Any:
    """How much the words of two kinds go together: float[kinds, kinds], 0 to 1; 0 with itself."""
    parts = rates / np.maximum(rates.sum(axis=0), 1e-12)
    spread = np.exp(-(parts * np.log(np.maximum(parts, 1e-12))).sum(axis=0))
    telling = spread <= max(_COMMON * len(rates), _PAIR)
    weights = np.where(telling, np.log(max(len(rates), 1) / np.maximum(spread, 1.0)), 0.0)
    roots = np.sqrt(rates) * weights
    roots /= np.maximum(np.linalg.norm(roots, axis=1, keepdims=True), 1e-12)
    links = roots @ roots.T
    np.fill_diagonal(links, 0.0)
    return links
