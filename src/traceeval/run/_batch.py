"""A batch of traces in, everything worth keeping of them out. This is what runs in a worker."""

from __future__ import annotations

import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import msgspec

from traceeval.measures.memo import turn
from traceeval.measures.sampling import permanent_number
from traceeval.model import Diagnostic, Policy, Risk, Score, Trace, trace_hash
from traceeval.run._claims import claim_rows
from traceeval.run._collector import seldom_collecting
from traceeval.run._examine import Examined, examine_together, expect
from traceeval.run._setup import Kit, Setup
from traceeval.run._slicing import SliceRows, measures_of
from traceeval.run._totals import Totals
from traceeval.run._traces import TraceRow, as_batch, trace_row

LOST = "trace.lost"
_TOGETHER, _LARGE = 34, 1_000_000  # traces, and bytes of them, that are examined together
COLUMNS = ("trace", "span", "scorer", "component", "value", "status", "lower", "upper", "units", "why")


class Unit(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One trace of the frame. ``pi``: inclusion probability; ``payload``: canonical JSON, only when it may be drawn.

    ``lang``: as somebody stated it (BCP 47), never guessed; ``judged``: a judge's score that was known before the draw.
    ``tag``: the speciality it takes to judge it; ``warnings``: categories of content people may opt out of; ``authors``:
    handles of those who wrote it.
    """

    trace: str
    sha256: str
    level: float
    floor: int
    pi: float
    u: float
    safety: bool
    why: Literal["floor", "person", "level", "random"]
    reasons: tuple[tuple[str, str], ...]
    payload: bytes | None
    lang: str | None = None
    judged: float | None = None
    tag: str | None = None
    warnings: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()

    @property
    def drawn(self) -> bool:
        """Whether a person will see it."""
        return self.u < self.pi


class Case(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A trace the report may show, with what orders it."""

    level: float
    floor: int
    trace: str
    payload: bytes

    @property
    def order(self) -> tuple[int, float, str]:
        """Worst first."""
        return (-self.floor, -self.level, self.trace)


@dataclass(slots=True)
class Result:
    """What a batch leaves behind.

    ``scores``: a ``pyarrow.RecordBatch`` with ``COLUMNS``; ``traces``: one with a row a trace; ``slices``: another, or None.
    ``lost``: the traces that could not be scored, each said.
    """

    scores: Any
    traces: Any
    findings: bytes
    risks: bytes
    claims: bytes
    suspects: bytes
    replays: bytes
    attributions: bytes
    units: tuple[Unit, ...]
    cases: tuple[Case, ...]
    totals: Totals
    slices: Any = None
    lost: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class Work:
    """Makes the function a worker runs; travels to it by pickle."""

    setup: Setup
    cases: int = 200

    def __call__(self) -> Callable[[bytes], Result]:
        """Load every plug-in once, then take batches: MessagePack of a list of traces."""
        kit = self.setup.load()
        return seldom_collecting()(lambda batch: _process(_groups(batch), kit, self.cases))


def _groups(batch: bytes) -> Iterator[Iterator[Trace]]:
    """The traces of a batch, a few at a time and few bytes; each is decoded when it is its turn."""
    decode = msgspec.msgpack.Decoder(Trace).decode
    group: list[msgspec.Raw] = []
    size = 0
    for raw in msgspec.msgpack.decode(batch, type=list[msgspec.Raw]):
        group.append(raw)
        size += memoryview(raw).nbytes
        if len(group) == _TOGETHER or size >= _LARGE:
            yield map(decode, group)
            group, size = [], 0
    yield map(decode, group)


def judged_ahead(kit: Kit, batches: Iterable[bytes], cases: int, *, ahead: int = 1) -> Iterator[Result]:
    """Results in order, in this process, while the claims of the next ``ahead`` batches are already being judged.

    What waits is bounded, so memory is; an endpoint has work across the seams of batches, so it is kept busy.
    """
    decoder = msgspec.msgpack.Decoder(list[Trace])
    waiting: deque[list[Trace]] = deque()
    for batch in batches:
        traces = decoder.decode(batch)
        for trace in traces if kit.setup.judged else ():
            with suppress(Exception):  # what fails here fails again, and is said, when the trace is examined
                expect(trace, kit)
        waiting.append(traces)
        if len(waiting) > ahead:
            yield _process(_singly(waiting.popleft()), kit, cases)
    while waiting:
        yield _process(_singly(waiting.popleft()), kit, cases)


def _singly(traces: Iterable[Trace]) -> Iterator[list[Trace]]:
    """One at a time: what is asked of an endpoint keeps its order."""
    return ([trace] for trace in traces)


def _process(groups: Iterable[Iterable[Trace]], kit: Kit, most: int) -> Result:
    totals = Totals(kit.policy)
    components = {runner.name: runner.scorer.component for runner in kit.scorers}
    encoder = msgspec.json.Encoder()
    scores: list[Score] = []
    rows: list[TraceRow] = []
    findings, risks, claims, suspects, replays, attributions = (bytearray() for _ in range(6))
    units: list[Unit] = []
    cases: list[Case] = []
    sliced = SliceRows(kit.setup.by, measures_of(kit)) if kit.setup.by else None
    lost: list[Diagnostic] = []
    for trace, examined in _each(groups, kit):
        if isinstance(examined, Exception):
            lost.append(_lost(trace, examined))
            continue
        totals.add(examined)
        if sliced is not None:
            sliced.add(examined, kit.policy)
            totals.see_fields(examined)
        scores += examined.scores
        for finding in examined.dossier.findings:
            findings += encoder.encode(finding) + b"\n"
        unit = _unit(trace, examined.risk, kit, encoder)
        risks += encoder.encode(_risk_line(examined, unit, planned=kit.setup.budget is None)) + b"\n"
        for row in claim_rows(examined):
            claims += encoder.encode(row) + b"\n"
        suspects += encoder.encode(examined.dossier.suspicion) + b"\n"
        answer = examined.dossier.answer
        if answer is not None and answer.replays is not None:
            replays += encoder.encode(answer.replays) + b"\n"
        if examined.dossier.attribution is not None:
            attributions += encoder.encode(examined.dossier.attribution) + b"\n"
        units.append(unit)
        rows.append(trace_row(examined, unit.sha256, kit.policy))
        if _worth_showing(examined):
            payload = unit.payload or encoder.encode(trace)
            cases.append(Case(level=examined.risk.level, floor=examined.risk.floor, trace=trace.id, payload=payload))
    cases.sort(key=lambda case: case.order)
    return Result(
        scores=as_table(_columns(scores, components)),
        traces=as_batch(rows),
        findings=bytes(findings),
        risks=bytes(risks),
        claims=bytes(claims),
        suspects=bytes(suspects),
        replays=bytes(replays),
        attributions=bytes(attributions),
        units=tuple(units),
        cases=tuple(cases[:most]),
        totals=totals,
        slices=sliced.table() if sliced is not None else None,
        lost=tuple(lost),
    )


def _each(groups: Iterable[Iterable[Trace]], kit: Kit) -> Iterator[tuple[Trace, Examined | Exception]]:
    for group in groups:
        turn()
        yield from examine_together(group, kit)


def _lost(trace: Trace, error: Exception) -> Diagnostic:
    at = traceback.extract_tb(error.__traceback__)[-1]
    text = (
        f"trace {trace.id} could not be scored: {type(error).__name__}: {error} ({Path(at.filename).name}:{at.lineno})"
    )
    return Diagnostic(
        code=LOST,
        level="error",
        where=trace.origin.uri if trace.origin else None,
        text=f"{text[:1000]}; a mistake of traceeval, please report it",
    )


def _worth_showing(examined: Examined) -> bool:
    suspicion = examined.dossier.suspicion
    suspected = suspicion is not None and bool(suspicion.suspects)
    return suspected or bool(examined.risk.reasons or examined.dossier.findings)


def _columns(scores: Sequence[Score], components: Mapping[str, str]) -> list[list[Any]]:
    """The scores as ``COLUMNS``."""
    names = [score.scorer for score in scores]
    bounds = [score.bounds or (None, None) for score in scores]
    return [
        [score.subject.trace for score in scores],
        [score.subject.span for score in scores],
        names,
        [components[name] for name in names],
        [score.value for score in scores],
        [score.status for score in scores],
        [low for low, _ in bounds],
        [high for _, high in bounds],
        [score.units for score in scores],
        [score.why for score in scores],
    ]


def as_table(rows: list[list[Any]]) -> Any:
    """Columns as a ``pyarrow.RecordBatch``; missing values are null, never NaN."""
    import pyarrow as pa

    return pa.RecordBatch.from_arrays(
        [pa.array(column, type=kind) for column, kind in zip(rows, _types(), strict=True)], names=list(COLUMNS)
    )


def _types() -> list[Any]:
    import pyarrow as pa

    return [
        pa.string(),
        pa.string(),
        pa.string(),
        pa.string(),
        pa.float64(),
        pa.string(),
        pa.float64(),
        pa.float64(),
        pa.int64(),
        pa.string(),
    ]


def _unit(trace: Trace, risk: Risk, kit: Kit, encoder: msgspec.json.Encoder) -> Unit:
    sha = trace_hash(trace)
    why = chosen_by(risk, kit.policy)
    pi = kit.policy.random_share if why == "random" else 1.0
    u = permanent_number(kit.setup.seed, sha)
    return Unit(
        trace=trace.id,
        sha256=sha,
        level=risk.level,
        floor=risk.floor,
        pi=pi,
        u=u,
        safety=risk.floor >= kit.policy.double_from,
        why=why,
        reasons=tuple((r.rule, r.text) for r in risk.reasons),
        payload=encoder.encode(trace) if u < pi or kit.setup.budget is not None else None,
    )


def chosen_by(risk: Risk, policy: Policy) -> Literal["floor", "person", "level", "random"]:
    """Why a trace may be queued: its worst finding, a rule that calls for a person, its level, or by chance.

    All but the last are certain.
    """
    if risk.floor >= policy.queue_floor:
        return "floor"
    if any(reason.rule in policy.person for reason in risk.reasons):
        return "person"
    return "level" if risk.level >= policy.queue_level else "random"


def _risk_line(examined: Examined, unit: Unit, *, planned: bool) -> dict[str, Any]:
    """A line of risk.jsonl. Not ``planned``: with a budget nobody is drawn before the whole frame is known."""
    risk = examined.risk
    return {
        "trace": risk.trace,
        "level": risk.level,
        "floor": risk.floor,
        "harm": risk.harm,
        "low": risk.low,
        "high": risk.high,
        "calibration": risk.calibration,
        "reasons": risk.reasons,
        "blame": examined.dossier.blame,
        "sha256": unit.sha256,
        "pi": unit.pi if planned else None,
        "drawn": unit.drawn if planned else None,
    }
