"""What a queue's results page draws: progress, agreement with intervals, estimates, and the judge against people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from traceeval.errors import NotFound, Refused
from traceeval.measures.agreement import RELIABLE, TENTATIVE
from traceeval.measures.interval import wilson
from traceeval.review import Store, status
from traceeval.review.agreement import Measured, agreements
from traceeval.review.estimates import Estimates, estimates
from traceeval.review.judged import Pair, judge_pairs
from traceeval.web.plots import Bar, intervals, progress

BANDS = 5


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table beside a plot; None: undefined."""

    name: str
    value: float | None
    interval: str
    second: float | None
    third: str
    n: int
    note: str


def dashboard(store: Store, queue: str) -> dict[str, Any]:
    """Values for a template."""
    return {
        "progress": Markup(progress(status(store, queue).items)),
        "agreement": _agreement(agreements(store, queue)),
        **_estimated(store, queue),
        "judge": _judge(judge_pairs(store, queue)),
    }


def _agreement(found: Sequence[Measured]) -> dict[str, Any] | None:
    """Alpha by criterion, with what its lower bound allows; None before two people judged one trace."""
    if not found:
        return None
    bars, rows = [], []
    for one in found:
        told = one.reviewed
        name = f"{one.about} ({one.lang})" if len({other.lang for other in found}) > 1 else one.about
        name = name.replace("_", " ")
        if one.kind == "mark":
            bars.append(Bar(name, told.alpha.value, told.alpha.low, told.alpha.high, told.alpha.why))
        ends = _interval(told.alpha.low, told.alpha.high)
        ac = "—" if told.ac.value is None else f"{told.ac.value:.2f}"
        rows.append(Row(name, told.alpha.value, ends, told.raw.value, ac, told.units, told.label))
    least = -1.0 if any(bar.low is not None and bar.low < 0 for bar in bars) else 0.0
    plot = intervals(bars, title="Krippendorff's alpha", low=least, marks=(0.0, TENTATIVE, RELIABLE)) if bars else ""
    return {"plot": Markup(plot), "rows": rows}


def _estimated(store: Store, queue: str) -> dict[str, Any]:
    """Pass rates and flag rates of the frame, or why there are none."""
    try:
        found = estimates(store, queue)
    except (NotFound, Refused) as error:
        return {"estimates": None, "no_estimates": str(error)}
    return {"estimates": _rates(found), "no_estimates": found.waiting}


def _rates(found: Estimates) -> dict[str, Any] | None:
    shares = [rate for rate in found.outcomes if rate.kind != "mark"]
    if not shares:
        return None
    bars, rows = [], []
    for rate in shares:
        one, name = rate.estimate, rate.outcome.replace("_", " ")
        bars.append(Bar(name, one.value, one.low, one.high) if one else Bar(name, None, None, None, "nothing yet"))
        ends = _interval(one.low, one.high) if one else "—"
        plain = rate.hajek.value if rate.hajek else None
        effective = "—" if one is None else f"{one.effective:.0f}"
        note = "; ".join(rate.refusals) or "may gate"
        rows.append(Row(name, one.value if one else None, ends, plain, effective, one.n if one else 0, note))
    return {"plot": Markup(intervals(bars, title="Shares of the frame")), "rows": rows, "interim": found.interim}


def _judge(pairs: Sequence[Pair]) -> dict[str, Any] | None:
    """The share people passed, by band of the judge's score; None where no judge scored what people settled."""
    if not pairs:
        return None
    bars = []
    for band in range(BANDS):
        low, high = band / BANDS, (band + 1) / BANDS
        inside = [passed for score, passed in pairs if low <= score < high or (band == BANDS - 1 and score == 1.0)]
        low_, high_ = (wilson(sum(inside), len(inside)) if inside else None) or (None, None)
        value = sum(inside) / len(inside) if inside else None
        name = f"judge {low:.1f}–{high:.1f} (n {len(inside)})"
        bars.append(Bar(name, value, low_, high_, "none settled"))
    return {"plot": Markup(intervals(bars, title="Share people passed, by the judge's score")), "n": len(pairs)}


def _interval(low: float | None, high: float | None) -> str:
    return "—" if low is None or high is None else f"{low:.2f} … {high:.2f}"
