"""From the frame of a run to the review queue: every trace is a unit with its inclusion probability."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from types import TracebackType
from typing import IO, TYPE_CHECKING, Self

import msgspec

from traceeval.errors import NotFound, Refused
from traceeval.model import QueueRow
from traceeval.run._batch import Unit
from traceeval.run._drawing import Drawing, by_budget, by_levels, signals_of
from traceeval.run._setup import Setup

if TYPE_CHECKING:
    from traceeval.review import Unit as ReviewUnit

QUEUE = "default"


class Spool:
    """Units on disk between scoring and queueing, so that memory does not grow with the run."""

    def __enter__(self) -> Self:
        """Open an unnamed temporary file."""
        self._file: IO[bytes] = tempfile.TemporaryFile(prefix="traceeval-units-")
        self._encoder = msgspec.msgpack.Encoder()
        self.count = 0
        self._frame = 0
        return self

    @property
    def frame_sha256(self) -> str:
        """A digest of the set of subjects, whatever their order."""
        return f"{self._frame % 2**256:064x}"

    def add(self, units: Iterable[Unit]) -> None:
        """Append units."""
        for unit in units:
            block = self._encoder.encode(unit)
            self._file.write(len(block).to_bytes(8, "big"))
            self._file.write(block)
            self.count += 1
            self._frame += int(unit.sha256, 16)

    def __iter__(self) -> Iterator[Unit]:
        """Every unit, in the order of the input."""
        decoder = msgspec.msgpack.Decoder(Unit)
        self._file.seek(0)
        while head := self._file.read(8):
            yield decoder.decode(self._file.read(int.from_bytes(head, "big")))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """The file vanishes."""
        self._file.close()


def fitted(url: str, setup: Setup) -> Setup:
    """The setup of a run into a queue: with the queue's own budget where none was asked for.

    Raises:
        Refused: the queue is for some languages only, which a run does not know; a recorded run can be drawn from.
    """
    from traceeval.review import Store
    from traceeval.review.settings import settings_of

    try:
        store = Store(url, create=False)
    except NotFound:
        return setup
    try:
        rules = settings_of(store, QUEUE)
    finally:
        store.close()
    if rules is None:
        return setup
    if rules.langs:
        raise Refused(
            f"queue {QUEUE!r} is for {', '.join(rules.langs)} only: evaluate with another --queue, then draw from "
            "what it wrote with `traceeval queue draw --lang-field FIELD`"
        )
    return replace(setup, budget=rules.budget) if setup.budget is None else setup


def enqueue(url: str, spool: Spool, setup: Setup, originals: str | None = None) -> QueueRow:
    """Queue what was drawn; a second run over the same input adds nothing twice, and a larger budget only adds.

    ``originals``: URL of their store.
    """
    drawing = by_levels(spool, setup) if setup.budget is None else by_budget(spool, setup, setup.budget)
    return put(url, QUEUE, drawing, spool.count, setup, originals)


def put(url: str, queue: str, drawing: Drawing, size: int, setup: Setup, originals: str | None) -> QueueRow:
    """Add a drawing to a queue. ``size``: units of its frame.

    Raises:
        Refused: the queue is for fewer items, or for other languages.
    """
    from traceeval.review import Originals, Store
    from traceeval.review import enqueue as add

    store, kept = Store(url), None if originals is None else Originals(originals)
    try:
        added = add(
            store,
            (_as_unit(unit, setup) for unit in drawing.units()),
            queue=queue,
            frame_sha256=drawing.frame_sha256,
            frame_size=size,
            seed=setup.seed,
            plan=drawing.plan,
            keep=None if kept is None else kept.keep,
        )
    finally:
        store.close()
        if kept is not None:
            kept.close()
    return QueueRow(
        url=url,
        queue=queue,
        frame=size,
        drawn=drawing.drawn.total(),
        added=added,
        must_see=drawing.drawn["floor"],
        by_level=drawing.drawn["level"],
        random=drawing.drawn["random"],
        called=drawing.drawn["person"],
        reasons=dict(drawing.reasons.most_common()),
    )


def _as_unit(unit: Unit, setup: Setup) -> ReviewUnit:
    from traceeval.review import Unit as ReviewUnit

    return ReviewUnit(
        trace=unit.trace,
        sha256=unit.sha256,
        level=unit.level,
        floor=unit.floor,
        pi=unit.pi,
        u=unit.u,
        k=2 if unit.safety else 1,
        safety=unit.floor >= setup.policy.queue_floor,
        reasons=unit.reasons,
        payload=unit.payload if unit.drawn else None,
        signals=signals_of(unit),
        lang=unit.lang,
        judge_score=unit.judged,
        tag=unit.tag,
        warnings=unit.warnings,
        authors=unit.authors,
    )
