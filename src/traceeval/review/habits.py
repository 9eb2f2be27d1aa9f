"""What a person's recent verdicts look like beside everybody's, as signals with their thresholds. No database here."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean, median, stdev

from traceeval.measures.language import language_of

FEWEST = 20
SHIFT_T = 4.0
SPEED = 0.3
LEFT_P = 0.001
LEFT_FEWEST = 30
SAME_TEXT, SAME_TEXTS = 95.0, 5
FOREIGN = 5


@dataclass(frozen=True, slots=True)
class Signal:
    """A figure that crossed its threshold."""

    name: str
    value: float
    threshold: float
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """A person's recent live verdicts, newest first, and what others of the queue did.

    ``differences``: per shared item, their mean mark less that of co-raters; ``times`` in ms, without verdicts that were
    not timed; ``left``: per pair, whether they preferred the left one; ``spoken``: languages that may be written here.
    """

    marks: Sequence[Mapping[str, int]] = ()
    differences: Sequence[float] = ()
    times: Sequence[int] = ()
    others_times: Sequence[int] = ()
    others_marks: Sequence[Mapping[str, int]] = ()
    left: Sequence[bool] = ()
    rationales: Sequence[str] = ()
    spoken: frozenset[str] = frozenset()


def signals(habits: Habits) -> Iterator[Signal]:
    """Those that crossed their threshold."""
    tests: tuple[Callable[[Habits], Signal | None], ...] = (_shift, _speed, _position, _copied, _constant, _foreign)
    yield from (found for test in tests if (found := test(habits)) is not None)


def _shift(habits: Habits) -> Signal | None:
    """Marks that lie apart from those of co-raters on the same items: |t| of the mean difference at 4 or over."""
    gaps = habits.differences
    if len(gaps) < FEWEST:
        return None
    spread = stdev(gaps) / math.sqrt(len(gaps))
    t = abs(mean(gaps)) / spread if spread else math.inf if mean(gaps) else 0.0
    if t < SHIFT_T:
        return None
    return Signal(
        "mean_shift", min(t, 999.0), SHIFT_T, f"{mean(gaps):+.2f} marks from others on {len(gaps)} shared items"
    )


def _speed(habits: Habits) -> Signal | None:
    """Work at less than 0.3 of the time others take."""
    if len(habits.times) < FEWEST or len(habits.others_times) < FEWEST:
        return None
    share = median(habits.times) / max(median(habits.others_times), 1)
    if share >= SPEED:
        return None
    return Signal("speed", share, SPEED, f"a median of {median(habits.times) / 1000:.0f} s an item")


def _position(habits: Habits) -> Signal | None:
    """One side preferred whatever stands there: exact binomial test against one half."""
    n, k = len(habits.left), sum(habits.left)
    if n < LEFT_FEWEST:
        return None
    tail = sum(math.comb(n, i) for i in range(max(k, n - k), n + 1)) / 2**n
    p = min(2 * tail, 1.0)
    return Signal("position", p, LEFT_P, f"the left one {k} times of {n}") if p < LEFT_P else None


def _copied(habits: Habits) -> Signal | None:
    """Rationales that are copies of one another: 5 or more at a similarity of 95 or over."""
    from rapidfuzz import fuzz
    from rapidfuzz.process import cdist

    texts = [text for text in habits.rationales if text.strip() and text != "[erased]"]
    if len(texts) < SAME_TEXTS:
        return None
    alike = cdist(texts, texts, scorer=fuzz.ratio, score_cutoff=SAME_TEXT)
    most = int((alike >= SAME_TEXT).sum(axis=1).max())
    return Signal("copied", float(most), SAME_TEXTS, f"{most} rationales that are one") if most >= SAME_TEXTS else None


def _constant(habits: Habits) -> Signal | None:
    """The same mark for everything, where others tell items apart."""
    mine, others = _spread(habits.marks), _spread(habits.others_marks)
    if len(habits.marks) < FEWEST or len(habits.others_marks) < FEWEST or len(mine) != 1 or len(others) < 2:
        return None
    mark = next(iter(mine))
    usual = others[mark] / others.total()
    if usual > 0.9:
        return None
    return Signal("constant", 1.0, 1.0, f"{mark} on every criterion of {len(habits.marks)} items")


def _spread(marks: Sequence[Mapping[str, int]]) -> Counter[int]:
    return Counter(mark for one in marks for mark in one.values())


def _foreign(habits: Habits) -> Signal | None:
    """Rationales in a language that is neither the person's, nor the item's, nor the rubric's."""
    known = {lang.partition("-")[0] for lang in habits.spoken}
    found = [lang for text in habits.rationales if (lang := language_of(text)) is not None and lang not in known]
    if len(found) < FOREIGN:
        return None
    return Signal(
        "language", float(len(found)), FOREIGN, f"{len(found)} rationales in {Counter(found).most_common(1)[0][0]}"
    )
