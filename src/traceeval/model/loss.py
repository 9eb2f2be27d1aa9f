"""What a reader did with everything it read: nothing is lost silently."""

from __future__ import annotations

from collections.abc import Mapping

from traceeval.model._value import Value


class LossReport(Value, frozen=True):
    """The account of one file.

    Keys of the three counters are a unit, then what it was: ``span``, ``span.duplicate``, ``record.skipped``.
    ``kept``: now in a Trace, Gold or Imported. ``folded``: said again elsewhere. ``dropped``: left out, by design or
    because it could not be read. Keys of other units (``attribute.plumbing``) are told but not part of the balance.
    """

    format: str
    uri: str
    adapter: str | None = None
    dialect: str | None = None
    records: int = 0
    spans: int = 0
    kept: Mapping[str, int] = {}
    folded: Mapping[str, int] = {}
    dropped: Mapping[str, int] = {}

    def counted(self, unit: str) -> int:
        """How many of one unit (``span`` or ``record``) the three counters account for."""
        return sum(
            count
            for counter in (self.kept, self.folded, self.dropped)
            for key, count in counter.items()
            if key.partition(".")[0] == unit
        )

    @property
    def balanced(self) -> bool:
        """Whether every span and every record that was read is accounted for."""
        return self.counted("span") == self.spans and self.counted("record") == self.records
