"""Whether labelled data can be trusted: words that give the label away, text that stood elsewhere, twins across a split.

Texts are compared by their words, lower-cased, without punctuation.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from math import comb

_WORD = re.compile(r"\w+")
ALPHA = 0.05
LONGEST_GIVEAWAY, LONG = 3, 13
"""Words of a string that may give a label away; words in a row that hardly two texts share by chance (Brown et al. 2020)."""


def words_of(text: str) -> list[str]:
    """Its words."""
    return _WORD.findall(text.lower())


def runs_of(texts: Iterable[str], n: int) -> Iterator[str]:
    """Every ``n`` words in a row, of each text apart."""
    for text in texts:
        words = words_of(text)
        yield from (" ".join(words[at : at + n]) for at in range(len(words) - n + 1))


@dataclass(frozen=True, slots=True)
class Giveaway:
    """A string by which alone two labels are told apart with this balanced accuracy; in how many rows of either it stands."""

    string: str
    balanced_accuracy: float
    positives: int
    negatives: int


@dataclass(frozen=True, slots=True)
class Given:
    """Giveaways of one label, the best first. ``tellable``: whether one that stands in just its rows could be told from chance."""

    found: tuple[Giveaway, ...]
    tellable: bool


def giveaways(rows: Iterable[tuple[Sequence[str], bool]], *, least: float = 0.9, most: int = 10) -> Given:
    """The strings of one to three words that alone reach a balanced accuracy of ``least``, and not by chance.

    By chance: labels dealt to the rows anew (hypergeometric, both ways), Bonferroni over every string frequent enough to
    reach ``least``: in a class of two rows some word always does. Of strings that stand in the same rows the longest is told.
    """
    found: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    sizes = [0, 0]
    for texts, label in rows:
        sizes[label] += 1
        found[label].update({run for n in range(1, LONGEST_GIVEAWAY + 1) for run in runs_of(texts, n)})
    fewest = (2 * least - 1) * min(sizes)
    tried = [run for run in found[0].keys() | found[1].keys() if found[0][run] + found[1][run] >= fewest]
    if not all(sizes):
        return Given((), tellable=False)
    told: dict[tuple[int, int], Giveaway] = {}
    for run in tried:
        positives, negatives = found[1][run], found[0][run]
        accuracy = (positives / sizes[1] + 1 - negatives / sizes[0]) / 2
        one = Giveaway(run, max(accuracy, 1 - accuracy), positives, negatives)
        known = told.get((positives, negatives))
        if one.balanced_accuracy >= least and (known is None or (len(run), run) > (len(known.string), known.string)):
            told[positives, negatives] = one
    level = ALPHA / (2 * max(len(tried), 1))
    real = (one for one in told.values() if _chance(one, sizes) <= level)
    best = sorted(real, key=lambda one: (-one.balanced_accuracy, one.string))[:most]
    return Given(tuple(best), tellable=1 / comb(sum(sizes), sizes[1]) <= level)


def _chance(one: Giveaway, sizes: Sequence[int]) -> float:
    """How often labels dealt anew would put a string so one-sidedly."""
    from scipy.stats import hypergeom

    dealt = hypergeom(sum(sizes), sizes[1], one.positives + one.negatives)
    return float(min(dealt.sf(one.positives - 1), dealt.cdf(one.positives)))


def copied(texts: Sequence[str], elsewhere: frozenset[int] | set[int], *, n: int = LONG) -> tuple[float, str] | None:
    """The share of a row's runs of ``n`` words that stand elsewhere (digests of ``digests``), and the first; None: no run."""
    runs = list(runs_of(texts, n))
    if not runs:
        return None
    shared = [run for run in runs if hash(run) in elsewhere]
    return len(shared) / len(runs), shared[0] if shared else ""


def digests(texts: Iterable[str], *, n: int = LONG) -> set[int]:
    """What stands elsewhere, as ``copied`` asks for it; good within one process."""
    return {hash(run) for run in runs_of(texts, n)}


def twins(rows: Sequence[tuple[Sequence[str], str]], *, n: int = 5, least: float = 0.6) -> list[tuple[int, int, float]]:
    """Pairs of rows of different splits that share most of their runs of ``n`` words: (place, place, Jaccard).

    ``rows``: texts and split. A run that more than twenty rows hold is a phrase of the form and makes no twins.
    """
    runs = [{hash(run) for run in runs_of(texts, n)} for texts, _ in rows]
    holders: dict[int, list[int]] = {}
    for at, mine in enumerate(runs):
        for run in mine:
            holders.setdefault(run, []).append(at)
    rare = [one for one in holders.values() if 2 <= len(one) <= 20]
    shared = Counter(chain.from_iterable(_pairs(one, rows) for one in rare))
    common = {run for run, one in holders.items() if len(one) > 20}
    found = []
    for (one, other), n_shared in shared.items():
        union = len((runs[one] | runs[other]) - common)
        if union and n_shared / union >= least:
            found.append((one, other, n_shared / union))
    return sorted(found, key=lambda pair: (-pair[2], pair[:2]))


def _pairs(holders: Sequence[int], rows: Sequence[tuple[Sequence[str], str]]) -> Iterator[tuple[int, int]]:
    for place, one in enumerate(holders):
        yield from ((one, other) for other in holders[place + 1 :] if rows[one][1] != rows[other][1])
