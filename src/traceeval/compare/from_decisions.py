"""Labels of claims from what people decided about whole answers, where the one says the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from traceeval.compare.calibrate import is_open
from traceeval.errors import ConfigError
from traceeval.model import ClaimRow, PeopleRow

CRITERION = "groundedness"


@dataclass(frozen=True, slots=True)
class FromDecisions:
    """``labels``: claim -> whether people called it supported. Left out: answers of several claims, and other splits."""

    labels: Mapping[str, bool]
    several: int
    elsewhere: int


def claim_labels(rows: Iterable[ClaimRow], people: Iterable[PeopleRow], traces: Mapping[str, str]) -> FromDecisions:
    """A decision on an answer of one checkable claim is a decision on that claim; of more it tells no single one.

    Only the calibration split is read. ``traces``: subject -> trace id.

    Raises:
        ConfigError: people settled nothing on groundedness.
    """
    claims: dict[str, list[ClaimRow]] = {}
    for row in rows:
        claims.setdefault(row.trace, []).append(row)
    settled = [label for label in people if label.criterion == CRITERION and label.mark is not None]
    if not settled:
        raise ConfigError(f"people settled nothing on {CRITERION!r}: there is nothing to learn from")
    usable = [label for label in settled if label.split == "calibration"]
    found, several = {}, 0
    for label in usable:
        mine = claims.get(traces.get(label.subject, ""), [])
        several += len(mine) > 1
        if len(mine) == 1 and is_open(mine[0]):
            found[mine[0].claim] = (label.mark or 0.0) >= label.passes
    return FromDecisions(found, several, len(settled) - len(usable))
