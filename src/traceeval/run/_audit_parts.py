"""What the statistics and judge services measured of a queue, for its audit pack; a text says why one is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from traceeval.review import Store

NOT_MEASURED = "nobody measured it for this record"
MEASURED = ("agreement.json", "estimates.json", "judge_validation.json")


def measured_parts(store: Store) -> dict[str, object]:
    """File -> its content, or why it is not there."""
    return dict.fromkeys(MEASURED, NOT_MEASURED)
