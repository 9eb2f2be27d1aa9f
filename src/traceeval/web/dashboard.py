"""What a queue's results page draws: progress, agreement with intervals, estimates, and the judge against people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from markupsafe import Markup

from traceeval.errors import NotFound, Refused
from traceeval.measures.agreement import RELIABLE, TENTATIVE, Agreement
from traceeval.measures.estimation import Estimate
from traceeval.measures.interval import wilson
from traceeval.review import Status, Store
from traceeval.review.agreement import Measured, agreements
from traceeval.review.desk import queues
from traceeval.review.estimates import Estimates, estimates
from traceeval.review.judged import Pair, judge_pairs
from traceeval.review.pairs import PAIR_MODES
from traceeval.web.plots import Bar, Words, intervals, progress
from traceeval.web.words import decimal, retold, words

BANDS = 5
Said = Callable[[str], str]


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


def dashboard(store: Store, now: Status, language: str) -> dict[str, Any]:
    """Values for a template, in the reader's language. ``now``: the queue, as far as they may know its counts."""
    queue = now.queue
    t, said = words(language), partial(retold, language)
    return {
        "progress": Markup(progress(now.items, t)),
        "agreement": _agreement(agreements(store, queue), t, said),
        **_estimated(store, queue, t, said),
        "judge": _judge(judge_pairs(store, queue), t),
        "of": _unit(store, queue),
    }


def _unit(store: Store, queue: str) -> str:
    """What the frame of a queue is made of."""
    mode = next(row.mode for row in queues(store) if row.name == queue)
    return "documents" if mode == "relevance" else "pairs" if mode in PAIR_MODES else "traces"


def _agreement(found: Sequence[Measured], t: Words, said: Said) -> dict[str, Any] | None:
    """Alpha by criterion, with what its lower bound allows; None before two people judged one trace."""
    if not found:
        return None
    bars, rows = [], []
    for one in found:
        told = one.reviewed
        name = f"{one.about} ({one.lang})" if len({other.lang for other in found}) > 1 else one.about
        name = name.replace("_", " ")
        if one.kind == "mark":
            bars.append(Bar(name, told.alpha.value, told.alpha.low, told.alpha.high, said(told.alpha.why)))
        ends = _interval(told.alpha.low, told.alpha.high, t)
        ac = decimal(told.ac.value, t) or "—"
        rows.append(Row(name, told.alpha.value, ends, told.raw.value, ac, told.units, _reading(told, said)))
    plot = intervals(bars, t, title="plot.alpha", marks=(TENTATIVE, RELIABLE)) if bars else ""
    return {"plot": Markup(plot), "rows": rows}


def _reading(told: Agreement, said: Said) -> str:
    """The label, and why alpha has no interval where it has a value."""
    why = told.alpha.why if told.alpha.value is not None else ""
    return f"{said(told.label)}: {said(why)}" if why else said(told.label)


def _estimated(store: Store, queue: str, t: Words, said: Said) -> dict[str, Any]:
    """Pass rates and flag rates of the frame, or why there are none."""
    try:
        found = estimates(store, queue)
    except (NotFound, Refused) as error:
        return {"estimates": None, "no_estimates": said(str(error))}
    return {"estimates": _rates(found, t, said), "no_estimates": said(found.waiting)}


def _rates(found: Estimates, t: Words, said: Said) -> dict[str, Any] | None:
    shares = [rate for rate in found.outcomes if rate.kind != "mark"]
    if not shares:
        return None
    bars: dict[str, list[Bar]] = {}
    rows = []
    for rate in shares:
        one, name = rate.estimate, said(rate.outcome.replace("_", " "))
        about = name.rpartition(": ")[0] if rate.kind == "pass" else name.partition(": ")[2] or name
        bars.setdefault(rate.kind, []).append(
            Bar(about, one.value, one.low, one.high) if one else Bar(about, None, None, None, t("plot.nothing_yet"))
        )
        ends = _interval(one.low, one.high, t) if one else "—"
        plain = rate.hajek.value if rate.hajek else None
        note = "; ".join(map(said, rate.refusals)) or t("plot.may_gate")
        rows.append(Row(name, one.value if one else None, ends, plain, _effective(one, t), one.n if one else 0, note))
    plots = [(kind, Markup(intervals(drawn, t, title="plot.shares"))) for kind, drawn in bars.items()]
    return {"plots": plots, "rows": rows, "interim": found.interim}


def _effective(one: Estimate | None, t: Words) -> str:
    """Its effective number of sampled units; where each was certain to be looked at, that nothing was left to chance."""
    if one is None:
        return "—"
    return f"{one.effective:.0f}" if one.effective else t("plot.certain")


def _judge(pairs: Sequence[Pair], t: Words) -> dict[str, Any] | None:
    """The share people passed, by band of the judge's score; None where no judge scored what people settled."""
    if not pairs:
        return None
    bars = []
    for band in range(BANDS):
        low, high = band / BANDS, (band + 1) / BANDS
        inside = [passed for score, passed in pairs if low <= score < high or (band == BANDS - 1 and score == 1.0)]
        low_, high_ = (wilson(sum(inside), len(inside)) if inside else None) or (None, None)
        value = sum(inside) / len(inside) if inside else None
        name = t("plot.band", low=decimal(low, t, 1), high=decimal(high, t, 1), n=len(inside))
        bars.append(Bar(name, value, low_, high_, t("plot.none_settled")))
    return {"plot": Markup(intervals(bars, t, title="plot.judge")), "n": len(pairs)}


def _interval(low: float | None, high: float | None, t: Words) -> str:
    return "—" if low is None or high is None else f"{decimal(low, t)} … {decimal(high, t)}"
