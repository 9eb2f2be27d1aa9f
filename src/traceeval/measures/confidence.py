"""Stated confidence against outcome: how sure an application said it was, and how often it was right (metrics.md section 13).

Pairs are (stated probability 0..1, whether it was right). Figures over numbers, hedges and token probabilities are never
mixed: they are different scales.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cache

from traceeval.measures.calibration import BINS, SMALLEST, Pairs, bins
from traceeval.measures.phrases import table

_PERCENT = r"(?P<percent>\d{1,3}(?:[.,]\d+)?)\s?%"
_SHARE = r"(?P<share>0?[.,]\d+|[01](?:[.,]0+)?)(?![\d%])"
_SURE = r"(?:confiden(?:t|ce)|sure|certain(?:ty)?|probab(?:le|ility)|likel(?:y|ihood))"
_NUMBER = re.compile(
    rf"\b{_SURE}(?:\s+(?:level|score|rating))?\s*(?:is|of|at|:|=|\()?\s*(?:about|around|roughly|approximately|~)?\s*(?:{_PERCENT}|{_SHARE})"
    rf"|{_PERCENT.replace('percent', 'before')}\s+{_SURE}\b",
    re.IGNORECASE,
)
_HINT = re.compile(r"confid|sure|certain|prob|likel", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Stated:
    """A confidence in 0..1, ``by`` a ``number`` or a ``hedge``, and the words that said it."""

    p: float
    by: str
    words: str


def stated(text: str) -> Stated | None:
    """The confidence an answer states about itself: a number where one is given, else its first hedge; None: neither.

    ``I am 80 % sure`` is .8; ``It is probably the pump`` is what readers take the word for (a versioned table).
    """
    if _HINT.search(text):
        found = _NUMBER.search(text)
        if found is not None and (p := _probability(found)) is not None:
            return Stated(p, "number", found.group())
    hedge = _hedges().search(text)
    return (
        Stated(table("hedges")["words"][" ".join(hedge.group().lower().split())], "hedge", hedge.group())
        if hedge
        else None
    )


def _probability(found: re.Match[str]) -> float | None:
    percent = found["percent"] or found["before"]
    p = float(percent.replace(",", ".")) / 100 if percent else float(found["share"].replace(",", "."))
    return p if 0 <= p <= 1 else None


@cache
def _hedges() -> re.Pattern[str]:
    words = sorted(table("hedges")["words"], key=len, reverse=True)
    return re.compile(
        r"(?<!\w)(?:" + "|".join(r"\s+".join(map(re.escape, one.split())) for one in words) + r")(?!\w)", re.IGNORECASE
    )


def skill(pairs: Pairs) -> float | None:
    """1 - Brier / Brier of always saying the base rate; 1 is perfect, 0 no better than the base rate; None for one class."""
    rate = _rate(pairs)
    if rate is None or not 0 < rate < 1:
        return None
    return 1 - math.fsum((p - y) ** 2 for p, y in pairs) / len(pairs) / (rate * (1 - rate))


def overconfidence(pairs: Pairs) -> float | None:
    """Mean stated less mean outcome, -1..1; positive where more is promised than kept; None without pairs."""
    rate = _rate(pairs)
    return None if rate is None else math.fsum(p for p, _ in pairs) / len(pairs) - rate


def _rate(pairs: Pairs) -> float | None:
    return sum(y for _, y in pairs) / len(pairs) if pairs else None


@dataclass(frozen=True, slots=True)
class Decomposition:
    """Brier's parts on bins: reliability (lower is better), resolution (higher), uncertainty of the outcomes."""

    reliability: float
    resolution: float
    uncertainty: float


def decompose(pairs: Pairs, *, most: int = BINS, smallest: int = SMALLEST) -> Decomposition | None:
    """Murphy's parts; they need not add up to Brier, for probabilities differ within a bin. None under two bins.

    Source: Murphy (1973).
    """
    rate, parts = _rate(pairs), bins(pairs, most=most, smallest=smallest)
    if rate is None or len(parts) < 2:
        return None
    means = [(len(one), math.fsum(p for p, _ in one) / len(one), sum(y for _, y in one) / len(one)) for one in parts]
    return Decomposition(
        math.fsum(n * (p - y) ** 2 for n, p, y in means) / len(pairs),
        math.fsum(n * (y - rate) ** 2 for n, _, y in means) / len(pairs),
        rate * (1 - rate),
    )


def auroc(pairs: Pairs) -> float | None:
    """Chance that a right one was stated with more confidence than a wrong one, ties half; None for one class."""
    right = sum(y for _, y in pairs)
    wrong = len(pairs) - right
    if not right or not wrong:
        return None
    from scipy.stats import rankdata

    ranks = rankdata([p for p, _ in pairs])
    above = math.fsum(rank for rank, (_, y) in zip(ranks, pairs, strict=True) if y) - right * (right + 1) / 2
    return above / (right * wrong)


def aurc(pairs: Pairs) -> float | None:
    """Area under the risk-coverage curve: mean error rate among the most confident k, k = 1..n; lower is better.

    Equal confidences count with the error rate of all of them, so that no order among them matters. None without pairs.
    Source: Geifman & El-Yaniv (2017).
    """
    if not pairs:
        return None
    total, errors, seen = 0.0, 0.0, 0
    ordered = sorted(pairs, key=lambda pair: -pair[0])
    at = 0
    while at < len(ordered):
        end = at
        while end < len(ordered) and ordered[end][0] == ordered[at][0]:
            end += 1
        share = sum(not y for _, y in ordered[at:end]) / (end - at)
        for _ in range(at, end):
            errors, seen = errors + share, seen + 1
            total += errors / seen
        at = end
    return total / len(ordered)
