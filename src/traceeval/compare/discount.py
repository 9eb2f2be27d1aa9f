"""A public benchmark counts for less the longer it was public, the less it is like the task, the more of it stood elsewhere.

A row counts for ``weight`` rows: the likelihood is raised to that power (power prior, Ibrahim & Chen 2000). The weight is
the product of the three factors, so one that is 0 leaves nothing; that they multiply is a convention, stated as one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import prod
from typing import TYPE_CHECKING

import msgspec

from traceeval.compare._meeting import kinds_of
from traceeval.compare.contamination import COPIED, Fields, Rows, texts_of
from traceeval.compare.coverage import FEWEST_TRACES, Production, share_of
from traceeval.measures.interval import wilson
from traceeval.measures.overlap import LONG, copied, digests
from traceeval.model import DISCOUNT, DiscountFactor, DiscountName, DiscountReport, Interval

if TYPE_CHECKING:
    from traceeval.measures.kinds import Asked

HALF_LIFE = 2.0
"""Years after which age alone halves a benchmark."""
_YEAR = 365.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of a benchmark; None or empty: not known.

    ``published``: when it became public; ``until``: when the model's training data ends, else the day of the decision.
    ``questions``: what each row asks, in their order; ``production``: what is asked of the application. ``elsewhere``: texts
    that were or may have been trained on; ``canaries``: strings that stand only in the benchmark. ``right``: 0..1 a row.
    """

    until: date
    published: date | None = None
    questions: Sequence[Asked] = ()
    production: Production | None = None
    elsewhere: Sequence[str] = ()
    canaries: Sequence[str] = ()
    right: Sequence[float] | None = None


def discount(rows: Rows, fields: Fields, known: Known, *, half_life: float = HALF_LIFE) -> DiscountReport:
    """What of the benchmark is left, by each input and in all."""
    stood = _stood(rows, fields, known)
    factors = (_age(known, half_life), _closeness(known), _contamination(stood, known))
    report = DiscountReport(
        schema_version=DISCOUNT, rows=len(rows), half_life=half_life, factors=factors, weight=_weight(factors)
    )
    return report if known.right is None else _scored(report, known.right, stood)


def _age(known: Known, half_life: float) -> DiscountFactor:
    if known.published is None:
        return _unknown("age", "name the day it became public with --published")
    years = max(0.0, (known.until - known.published).days / _YEAR)
    return DiscountFactor(name="age", input=_exactly(years), factor=_exactly(0.5 ** (years / half_life)))


def _closeness(known: Known) -> DiscountFactor:
    """Rows that are like a kind of production, by words alone."""
    if known.production is None or not known.questions:
        return _unknown(
            "closeness", "name a run of production with --beside, and the field of the question with --text"
        )
    if len(known.production.traces) < FEWEST_TRACES:
        return _unknown("closeness", f"the run has under {FEWEST_TRACES} traces of production")
    like = kinds_of(known.production).alike(known.questions).any(axis=1)
    found = share_of(int(like.sum()), len(like))
    return DiscountFactor(name="closeness", input=found, factor=found)


def _contamination(stood: Sequence[bool | None], known: Known) -> DiscountFactor:
    """Rows too short to tell may be either; a canary that was found says that all of it stood there."""
    if not known.elsewhere:
        return _unknown(
            "contamination", "name texts to look for the rows in with --corpus: a corpus, outputs of the model"
        )
    leaked = any(canary in text for canary in known.canaries for text in known.elsewhere)
    if leaked or not stood:
        found = _exactly(1.0)
        return DiscountFactor(name="contamination", input=found, factor=_exactly(0.0))
    told, open_ = stood.count(True), stood.count(None)
    if open_ == len(stood):
        return _unknown("contamination", f"no row has {LONG} words in a row to look for")
    low, high = share_of(told, len(stood)).low or 0.0, share_of(told + open_, len(stood)).high or 0.0
    share = told / (len(stood) - open_)
    found = Interval(value=share, low=low, high=high, n=len(stood) - open_)
    left = Interval(value=1 - share, low=1 - high, high=1 - low, n=found.n)
    return DiscountFactor(name="contamination", input=found, factor=left)


def _stood(rows: Rows, fields: Fields, known: Known) -> list[bool | None]:
    """Whether each row stands elsewhere; None: too short to tell, or nobody said where to look."""
    if not known.elsewhere:
        return [None] * len(rows)
    there = digests(known.elsewhere)
    shares = (copied(list(texts_of(row, fields)), there) for row in rows)
    return [None if found is None else found[0] >= COPIED for found in shares]


def _weight(factors: Sequence[DiscountFactor]) -> Interval:
    """Ends multiply too: the interval is at least as wide as any that joins the three."""
    ends = [(one.factor.low or 0.0, 1.0 if one.factor.high is None else one.factor.high) for one in factors]
    values = [one.factor.value for one in factors if one.factor.value is not None]
    lacking = [one.name for one in factors if one.factor.value is None]
    return Interval(
        value=None if lacking else prod(values),
        low=prod(low for low, _ in ends),
        high=prod(high for _, high in ends),
        why=f"{', '.join(lacking)} not known" if lacking else "",
    )


def _scored(report: DiscountReport, right: Sequence[float], stood: Sequence[bool | None]) -> DiscountReport:
    clean = [value for value, there in zip(right, stood, strict=True) if not there]
    told = share_of(sum(clean), len(clean)) if clean else Interval(value=None, why="every row stood elsewhere")
    return msgspec.structs.replace(
        report, right=share_of(sum(right), len(right)), clean=told, counts=_counts(told, report.rows, report.weight)
    )


def _counts(clean: Interval, rows: int, weight: Interval) -> Interval:
    """The interval at the least weight; the number of rows at the likely one."""
    least, likely = rows * (weight.low or 0.0), rows * (weight.value or 0.0)
    if clean.value is None or weight.value is None:
        return Interval(value=None, why=clean.why or weight.why)
    if least < 1:
        return Interval(value=None, n=int(likely), why="at its least weight all of it counts for less than one row")
    low, high = wilson(clean.value * least, least) or (None, None)
    return Interval(value=clean.value, low=low, high=high, n=int(likely))


def _unknown(name: DiscountName, needs: str) -> DiscountFactor:
    return DiscountFactor(
        name=name, input=Interval(value=None, why=needs), factor=Interval(value=None, low=0.0, high=1.0)
    )


def _exactly(value: float) -> Interval:
    return Interval(value=value, low=value, high=value)
