"""A failing trial run again with one step mended: whether that step decided it.

Attribution says which step is suspect; this is the experiment. A rerun that leaves the earlier trial before the step, or that
passes with nothing mended, says nothing, and is counted as such.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from traceeval.errors import ConfigError
from traceeval.model import Forked, Kind, Mend, Trace
from traceeval.replay import Planned, Suite
from traceeval.replay.repair import repairs, steps_of
from traceeval.replay.sandbox import Walls
from traceeval.run._bench import Judge, bench
from traceeval.run._trials import Judged


def fork(judge: Judge, planned: Planned, failed: Judged, mend: Mend, *, n: int = 1) -> Forked:
    """Rerun a failed trial ``n`` times with the mend, each beside a rerun without. An agent without chance needs one."""
    found = [_once(judge, planned, failed, mend) for _ in range(n)]
    flipped, held = found.count("flipped"), found.count("held")
    return Forked(
        span=mend.span,
        verdict=_verdict(flipped, held),
        mend=mend,
        n=n,
        flipped=flipped,
        held=held,
        unreached=n - flipped - held,
    )


def fork_each(
    judge: Judge, planned: Planned, failed: Judged, mends: Mapping[str, Mend], *, n: int = 1, at: str | None = None
) -> tuple[Forked, ...]:
    """Every step of a failed trial, or the one ``at``, in order; those without a repair are ``nothing_to_mend``."""
    spans = [step.span for step in steps_of(failed.trial.trace) if at in (None, step.span)]
    return tuple(
        fork(judge, planned, failed, mends[span], n=n)
        if span in mends
        else Forked(span=span, verdict="nothing_to_mend")
        for span in spans
    )


def _once(judge: Judge, planned: Planned, failed: Judged, mend: Mend) -> Literal["flipped", "held", "unreached"]:
    plain = judge(Planned(planned.cell, planned.seed, planned.scenario))
    mended = judge(Planned(planned.cell, planned.seed, planned.scenario, mend))
    cut = mend.asked or mend.span
    if plain.outcome.result != "fail" or not all(_alike(failed, one, cut) for one in (plain, mended)):
        return "unreached"
    return {"pass": "flipped", "fail": "held"}.get(mended.outcome.result, "unreached")  # type: ignore[return-value]


def _verdict(flipped: int, held: int) -> Literal["confirmed", "refuted", "mixed", "undecided"]:
    if flipped and held:
        return "mixed"
    return "confirmed" if flipped else "refuted" if held else "undecided"


def _alike(one: Judged, other: Judged, cut: str) -> bool:
    """Whether two trials did the same up to a step, and both came to it. Words may differ: a model chooses them anew."""
    mine, theirs = _before(one.trial.trace, cut), _before(other.trial.trace, cut)
    return mine is not None and mine == theirs


def _before(trace: Trace, cut: str) -> list[object] | None:
    ids = [span.id for span in trace.spans]
    if cut not in ids:
        return None
    return [
        (span.kind, span.name, span.body if span.kind is Kind.TOOL else None, span.error)
        for span in trace.spans[: ids.index(cut)]
    ]


def reference_repairs(suite: Suite, planned: Planned, failed: Judged, walls: Walls) -> Mapping[str, Mend]:
    """What the reference does at each step of a failed trial, where it does something else.

    Raises:
        ConfigError: the scenario has no solution, or the reference does not pass it.
    """
    with bench(suite, "reference", walls) as judge:
        donor = judge(Planned(planned.cell.twin, planned.seed, planned.scenario))
    if donor.outcome.result != "pass":
        raise ConfigError(
            f"{planned.cell.scenario}: the reference comes to {donor.outcome.result} ({donor.outcome.why}), so it repairs "
            "nothing; correct `solution`, or give --say or --result"
        )
    return repairs(failed.trial, donor.trial)
