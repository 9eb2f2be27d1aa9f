"""What the statistics and judge services measured of a queue, for its audit pack; a text says why one is not there."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from traceeval.errors import NotFound, Refused

if TYPE_CHECKING:
    from traceeval.review import Store

NO_JUDGE = "no verdicts of a judge were named (--judged FILE)"
NO_QUEUE = "there is no queue it could be measured on"


def measured_parts(store: Store, judge: object = NO_JUDGE) -> dict[str, object]:
    """File -> its content, or why it is not there. ``judge``: the report of a judge against people, where there is one."""
    from traceeval.review import export
    from traceeval.review.adjudications import adjudications
    from traceeval.review.agreement import agreements
    from traceeval.review.estimates import estimates

    with store.read() as connection:
        names = [str(queue["name"]) for queue in export.queues(connection)]
    return {
        "agreement.json": _each(names, lambda name: agreements(store, name)),
        "adjudications.json": _each(names, lambda name: adjudications(store, name)),
        "estimates.json": _each(names, lambda name: estimates(store, name)),
        "judge_validation.json": judge if isinstance(judge, str) else _plain(judge),
    }


def _each(names: list[str], measure: Callable[[str], object]) -> dict[str, Any] | str:
    """Queue -> what was measured of it, or why it could not be."""
    return {name: _one(name, measure) for name in names} or NO_QUEUE


def _one(name: str, measure: Callable[[str], object]) -> Any:
    try:
        return _plain(measure(name))
    except (NotFound, Refused) as error:
        return {"not_measured": str(error)}


def _plain(value: object) -> Any:
    """As JSON has it: what is not a number is null."""
    return msgspec.json.decode(msgspec.json.encode(value, enc_hook=lambda one: one.tolist()))
