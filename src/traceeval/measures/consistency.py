"""Whether the same request told otherwise comes out the same, against how far it varies by itself (metrics.md section 10)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from typing import Any


def agreement(outcomes: Sequence[Hashable]) -> float | None:
    """The chance that two of these came out the same; None under two.

    ``sum n_c (n_c - 1) / (m (m - 1))`` over classes of size n_c: classes of 3, 1 and 1 give .3.
    """
    m = len(outcomes)
    return _same(outcomes) / (m * (m - 1)) if m > 1 else None


def within(wordings: Mapping[Hashable, Sequence[Hashable]]) -> float | None:
    """The same between trials of one wording, a mean over wordings; None where none was repeated."""
    found = [value for outcomes in wordings.values() if (value := agreement(outcomes)) is not None]
    return sum(found) / len(found) if found else None


def between(wordings: Mapping[Hashable, Sequence[Hashable]]) -> float | None:
    """The chance that a trial of one wording and a trial of another came out the same; None under two wordings."""
    told = [outcomes for outcomes in wordings.values() if outcomes]
    if len(told) < 2:
        return None
    everything = [outcome for outcomes in told for outcome in outcomes]
    pairs = len(everything) ** 2 - sum(len(outcomes) ** 2 for outcomes in told)
    same = sum(n * n for n in Counter(everything).values())
    alike = same - sum(n * n for outcomes in told for n in Counter(outcomes).values())
    return alike / pairs


def _same(outcomes: Sequence[Hashable]) -> int:
    return sum(n * (n - 1) for n in Counter(outcomes).values())


WAYS = 9_999


def wording_chances(wordings: Sequence[Sequence[Hashable]], *, ways: int = WAYS, seed: int = 0) -> list[float]:
    """For each wording: P that some wording would agree so little with the others if wording did not matter.

    Trials are dealt to the wordings anew, in the numbers they have; the least agreement of each deal is what counts, so that
    P is corrected for how many wordings there are. 1 where all trials came out the same. Sources: Good (2005), ch. 3;
    Westfall & Young (1993) for the least.
    """
    import numpy as np

    known = {outcome: at for at, outcome in enumerate(dict.fromkeys(o for outcomes in wordings for o in outcomes))}
    if len(known) < 2:
        return [1.0] * len(wordings)
    codes = np.array([known[outcome] for outcomes in wordings for outcome in outcomes], dtype=np.int32)
    sizes = np.array([len(outcomes) for outcomes in wordings])
    dealt = np.random.default_rng(seed).permuted(np.tile(codes, (ways, 1)), axis=1)
    found = _with_others(codes[None], sizes)[0]
    least = _with_others(dealt, sizes).min(axis=1)
    return [float(((least <= mine + 1e-9).sum() + 1) / (ways + 1)) for mine in found]


def with_others(wordings: Sequence[Sequence[Hashable]]) -> list[float]:
    """For each wording: the chance that one of its trials and one of another wording came out the same."""
    counts = [Counter(outcomes) for outcomes in wordings]
    total = sum(counts, Counter[Hashable]())
    n = total.total()
    return [
        sum(count * (total[outcome] - count) for outcome, count in mine.items()) / (mine.total() * (n - mine.total()))
        for mine in counts
    ]


def _with_others(codes: Any, sizes: Any) -> Any:
    """The same for many deals at once, [deal, wording]; ``codes``: [deal, trial], the trials of a wording side by side."""
    import numpy as np

    starts, n, same = np.concatenate([[0], sizes.cumsum()[:-1]]), codes.shape[1], 0.0
    for code in range(int(codes.max()) + 1):
        mine = np.add.reduceat(codes == code, starts, axis=1, dtype=np.int32)
        same = same + mine * (mine.sum(axis=1, keepdims=True) - mine)
    return same / (sizes * (n - sizes))


def effect_of(wordings: Sequence[Sequence[Hashable]]) -> float | None:
    """``within`` less ``between``: how far the wording adds to the agent's own noise; None without repeats.

    It is the mean of half the squared distance between the outcomes of two wordings, so that 0 is its least: for few trials
    no interval of it covers as often as it says (.77 to 1 for the jackknife), and none is given; ``wording_chances`` is exact.
    """
    told: dict[Hashable, Sequence[Hashable]] = dict(enumerate(wordings))
    noise, consistency = within(told), between(told)
    return None if noise is None or consistency is None else noise - consistency
