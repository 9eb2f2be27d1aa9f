"""Whether the same request told otherwise comes out the same, against how far it varies by itself (metrics.md section 10)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence


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
