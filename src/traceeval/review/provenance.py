"""When a frame was drawn, and what its traces say of the version that made them. Read-only."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from sqlalchemy import select

from traceeval.model import System
from traceeval.review import schema
from traceeval.review._frame import run_of
from traceeval.review._rows import queue_row, traces_of
from traceeval.review.store import Store


def frame_told(store: Store, queue: str, frame: int) -> tuple[float, list[Mapping[str, str]]]:
    """When a frame was drawn (seconds, UTC epoch), and the parts of the version each trace of it states.

    Only what was drawn is kept in the store; texts that were erased say nothing any more.
    """
    unit, subject = schema.selection_unit, schema.subject
    kept = select(subject).join(unit, unit.c.subject_sha256 == subject.c.sha256)
    with store.read() as connection:
        run, _ = run_of(connection, queue_row(connection, queue), frame)
        rows = connection.execute(kept.where(unit.c.selection_run_id == run.id).order_by(unit.c.id)).all()
        return float(run.at), [_parts(trace.system) for row in rows for trace in traces_of(row)]


def _parts(system: System | None) -> dict[str, str]:
    return {} if system is None else {part: value for part, value in msgspec.structs.asdict(system).items() if value}
