"""The whole of ``evaluate``: records in; an output folder, a Summary and a filled queue out."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

import msgspec

from traceeval.engines import Engine, Lost
from traceeval.graph import Survey
from traceeval.judge import Judges
from traceeval.model import Diagnostic, QueueRow, Slices, Summary, Trace
from traceeval.run._batch import LOST, Case, Result, Work, judged_ahead
from traceeval.run._collector import seldom_collecting
from traceeval.run._corpus import Corpus
from traceeval.run._examine import Examined, examine
from traceeval.run._output import REPORT, Output
from traceeval.run._queue import Spool, enqueue, fitted
from traceeval.run._replay import MAX_REPLAYS, Again, Replayer
from traceeval.run._setup import Kit, Setup
from traceeval.run._slicing import SliceSpool
from traceeval.run._source import GoldBook, Intake, Record
from traceeval.run._summary import summarise
from traceeval.run._totals import Totals

BATCH = 100
CASES = 200
BATCH_LOST = "engine.lost"

Source = Callable[[], Iterable[Record]]
"""Opens the input; called again when a pass learned something that changes earlier traces."""

Progress = Callable[[Totals], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to evaluate, how, and where to.

    ``queue``: URL of the review queue, None for no queue; ``originals``: where unredacted texts are kept, None: nowhere.
    ``corpus``: what is in the indexes, None: nobody said.
    ``replayer``: asked again at most ``max_replays`` times, in this process, whatever the engine; None: nobody is.
    """

    source: Source
    setup: Setup
    engine: Engine
    folder: Path
    queue: str | None = None
    originals: str | None = None
    corpus: Corpus | None = None
    replayer: Replayer | None = None
    max_replays: int = MAX_REPLAYS
    progress: Progress = field(default=lambda totals: None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a run came to.

    ``unreadable``: records and files that could not be read. ``lost``: traces and batches of them that were read and
    could not be scored, by a mistake of ours or for want of a worker.
    """

    summary: Summary
    unreadable: int
    lost: int
    folder: Path


@dataclass(slots=True)
class Pass:
    """One reading of the input. ``cases``: what the report may show, worst first."""

    intake: Intake
    totals: Totals
    cases: list[Case] = field(default_factory=list)

    def again(self, setup: Setup) -> Setup | None:
        """What to know when reading the input once more; None when this pass stands."""
        mismatch = setup.mismatch or self.totals.namespace.mismatch
        losers = frozenset(self.intake.beaten)
        if mismatch == setup.mismatch and losers == self.intake.losers:
            return None
        return replace(setup, mismatch=mismatch)


def evaluate_order(order: Order) -> Outcome:
    """Read, score, diagnose, rank, report and queue; nothing takes its final name before all of it is done.

    Raises:
        OutputExists: when the output folder holds what we did not write.
        Refused: the queue is for some languages only, or for fewer items.
    """
    if order.queue:
        order = replace(order, setup=fitted(order.queue, order.setup))
    again = Again(order.replayer, order.max_replays) if order.replayer is not None else None
    with seldom_collecting(), Judges(order.setup.judge) as judges:
        return _until_it_stands(order, judges, again)


def _until_it_stands(order: Order, judges: Judges, replays: Again | None) -> Outcome:
    book, usual = GoldBook(), Survey()
    losers = _survey(order, book, usual)
    setup = replace(order.setup, usual=usual.usual())
    while True:
        kit = replace(setup.load(judges), again=replays)
        with Output(order.folder) as output, Spool() as spool, SliceSpool() as sliced:
            intake = Intake(gold=book, losers=losers, corpus=order.corpus, complete=True)
            done = _read_once(order, kit, intake, output, spool, sliced)
            again = done.again(setup)
            if again is not None:
                setup, losers = again, frozenset(intake.beaten)
                continue
            queue = enqueue(order.queue, spool, setup, order.originals) if order.queue else None
            slices = sliced.find(kit, [name for name, _ in done.totals.fields.most_common()])
            return _close(order, kit, done, output, queue, slices)


def _survey(order: Order, book: GoldBook, usual: Survey) -> frozenset[int]:
    """Read the input once without judging it: all gold, what is usual; the ordinals of records a later one revises."""
    intake = Intake(gold=book)
    for trace in intake.traces(order.source()):
        usual.add(trace)
    return frozenset(intake.beaten)


def _read_once(order: Order, kit: Kit, intake: Intake, output: Output, spool: Spool, sliced: SliceSpool) -> Pass:
    done = Pass(intake, Totals(kit.policy))
    batches = _batches(intake.traces(order.source()))
    here = kit.setup.judged or kit.again is not None
    results = judged_ahead(kit, batches, CASES) if here else order.engine.map(Work(kit.setup, CASES), batches)
    for result in results:
        if isinstance(result, Lost):
            intake.say(Diagnostic(code=BATCH_LOST, level="error", text=f"batch {result.number}: {result.why}"))
            continue
        _absorb(result, done, output, spool)
        for one in result.lost:
            intake.say(one)
        if result.slices is not None:
            sliced.add(result.slices)
        order.progress(done.totals)
    return done


def _absorb(result: Result, done: Pass, output: Output, spool: Spool) -> None:
    output.write(result)
    spool.add(result.units)
    done.totals.merge(result.totals)
    done.cases = list(islice(heapq.merge(done.cases, result.cases, key=lambda case: case.order), CASES))


def _batches(traces: Iterable[Trace]) -> Iterator[bytes]:
    source = iter(traces)
    encoder = msgspec.msgpack.Encoder()
    while batch := [msgspec.Raw(encoder.encode(trace)) for trace in islice(source, BATCH)]:
        yield encoder.encode(batch)


def _close(
    order: Order, kit: Kit, done: Pass, output: Output, queue: QueueRow | None, slices: Slices | None
) -> Outcome:
    from traceeval.report import render_html

    summary = summarise(done.totals, done.intake, kit, queue, slices)
    shown = frozenset(case.trace for case in done.cases)
    render_html(summary, _examined(done.cases, kit), output.staging / REPORT, ids=shown)
    output.finish(msgspec.json.format(msgspec.json.encode(summary), indent=2) + b"\n")
    lost = done.intake.diagnostics[BATCH_LOST] + done.intake.diagnostics[LOST]
    return Outcome(summary=summary, unreadable=done.intake.unreadable - lost, lost=lost, folder=order.folder)


def _examined(cases: Iterable[Case], kit: Kit) -> Iterator[Examined]:
    """The traces of the report, looked at again: cheaper than carrying all of them along."""
    decoder = msgspec.json.Decoder(Trace)
    return (examine(decoder.decode(case.payload), kit) for case in cases)
