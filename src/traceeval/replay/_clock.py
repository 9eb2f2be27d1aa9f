"""Time that only moves when something takes it: a trial's clock, the same in every run."""

from __future__ import annotations

from datetime import UTC, datetime

START = datetime(2026, 1, 1, 9, 0, tzinfo=UTC).timestamp()
TICK = 0.001


class Clock:
    """Seconds, UTC epoch, from the first of January 2026, 9:00. Tools read ``now`` and ``today`` and nothing else."""

    def __init__(self) -> None:
        self.now = START

    def tick(self) -> float:
        """The moment of the next event."""
        self.now = round(self.now + TICK, 6)
        return self.now

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.now = round(self.now + max(0.0, seconds), 6)

    @property
    def today(self) -> str:
        """The day, as ``2026-01-01``."""
        return datetime.fromtimestamp(self.now, UTC).date().isoformat()
