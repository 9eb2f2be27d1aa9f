"""Three layers on one frame. People are the reference: what they did not see is estimated by 1/pi and not counted as right."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from traceeval.compare._screening import figure
from traceeval.measures.screening import effective_rate
from traceeval.model import FoundBy, Interval, LayerName, LayerReport, LayerRow, LayerUnit

MACHINES: tuple[LayerName, ...] = ("automated", "judge")
_SAYS: dict[LayerName, Callable[[LayerUnit], bool | None]] = {
    "automated": lambda unit: unit.automated,
    "judge": lambda unit: unit.judge,
    "people": lambda unit: unit.people,
}


def compare_layers(units: Iterable[LayerUnit]) -> LayerReport:
    """The report; a layer that said nothing of a failure missed it."""
    frame = list(units)
    settled = [unit for unit in frame if unit.people is not None]
    failures = [unit for unit in settled if unit.people]
    return LayerReport(
        frame=len(frame),
        settled=len(settled),
        failures=len(failures),
        rows=(*(_machine(name, frame, settled) for name in MACHINES), _people(frame, settled, failures)),
        found_by=_found_by(failures),
    )


def _machine(name: LayerName, frame: Sequence[LayerUnit], settled: Sequence[LayerUnit]) -> LayerRow:
    says = _SAYS[name]
    failures = [unit for unit in settled if unit.people]
    flagged = [unit for unit in settled if says(unit)]
    found = sum(says(unit) is True for unit in failures)
    return LayerRow(
        layer=name,
        decided=sum(says(unit) is not None for unit in frame),
        flagged=sum(says(unit) is True for unit in frame),
        found=found,
        missed=len(failures) - found,
        false_alarms=len(flagged) - found,
        recall=_rate(failures, [says(unit) is True for unit in failures], "people settled no failure"),
        precision=_rate(flagged, [unit.people is True for unit in flagged], "people settled nothing it flagged"),
        usd=_sum(unit.judge_usd for unit in frame) if name == "judge" else None,
        seconds=_sum(unit.judge_seconds for unit in frame) if name == "judge" else None,
    )


def _people(frame: Sequence[LayerUnit], settled: Sequence[LayerUnit], failures: Sequence[LayerUnit]) -> LayerRow:
    """Of the failures the frame is estimated to hold, how many they have seen."""
    whole = sum(1 / unit.pi for unit in failures)
    seen = Interval(value=len(failures) / whole, n=len(failures)) if failures else _nothing("people settled no failure")
    return LayerRow(
        layer="people",
        decided=len(settled),
        flagged=len(failures),
        found=len(failures),
        missed=round(whole - len(failures)),
        false_alarms=0,
        recall=seen,
        precision=_nothing("they are the reference"),
        seconds=_sum(unit.people_seconds for unit in frame),
    )


def _rate(units: Sequence[LayerUnit], hits: Sequence[bool], why: str) -> Interval:
    found = effective_rate(hits, [1 / unit.pi for unit in units], [unit.cluster for unit in units])
    return figure(found) or _nothing(why)


def _nothing(why: str) -> Interval:
    return Interval(value=None, why=why)


def _sum(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _found_by(failures: Sequence[LayerUnit]) -> tuple[FoundBy, ...]:
    whole = sum(1 / unit.pi for unit in failures)
    parts: dict[tuple[LayerName, ...], list[LayerUnit]] = {}
    for unit in failures:
        parts.setdefault(tuple(name for name in MACHINES if _SAYS[name](unit)), []).append(unit)
    return tuple(
        FoundBy(layers=names, n=len(part), share=sum(1 / unit.pi for unit in part) / whole)
        for names, part in sorted(parts.items(), key=lambda one: (-len(one[0]), one[0]))
    )
