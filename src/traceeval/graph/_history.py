"""What happened before and after a call, asked of ten thousand calls without walking over them again and again."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass

from traceeval.graph._call import Call
from traceeval.graph._table import Table, call_key


@dataclass(frozen=True, slots=True)
class History:
    """``last_ok``: call -> the last row where an equal call succeeded; ``before``: the latest such row before each row.

    ``last_filled``: slot's tool -> the last successful matched row. ``writes``: where calls changed something; ``own``:
    the same by tool.
    """

    calls: tuple[Call, ...]
    last_ok: Mapping[int, int]
    before: Mapping[int, int]
    last_filled: Mapping[str, int]
    writes: tuple[int, ...]
    own: Mapping[str, tuple[int, ...]]
    paired: frozenset[int]

    @classmethod
    def of(cls, table: Table, full: Mapping[int, int]) -> History:
        """One walk over the calls."""
        calls = table.calls
        keys = [call_key(call) for call in calls]
        seen: dict[bytes, int] = {}
        before: dict[int, int] = {}
        for row, call in enumerate(calls):
            if keys[row] in seen:
                before[row] = seen[keys[row]]
            if call.ok is True:
                seen[keys[row]] = row
        own: dict[str, list[int]] = {}
        for call in calls:
            if call.changes and call.ok:
                own.setdefault(call.name, []).append(call.at)
        return cls(
            calls=calls,
            last_ok={row: seen[key] for row, key in enumerate(keys) if key in seen},
            before=before,
            last_filled={calls[row].name: row for row in sorted(full) if calls[row].ok is True},
            writes=tuple(sorted(at for places in own.values() for at in places)),
            own={name: tuple(sorted(places)) for name, places in own.items()},
            paired=frozenset(row for row, cells in enumerate(table.cells) if cells),
        )

    def retried(self, row: int) -> bool:
        """It failed, and a later successful call of the tool has equal arguments, or fills a slot it was meant for."""
        call = self.calls[row]
        if call.ok is not False:
            return False
        return self.last_ok.get(row, -1) > row or (row in self.paired and self.last_filled.get(call.name, -1) > row)

    def repeats(self, row: int) -> bool:
        """An equal call succeeded before, the tool is not volatile, and nothing else was written between."""
        call, earlier = self.calls[row], self.before.get(row)
        if earlier is None or call.spec.volatile:
            return False
        since, until = self.calls[earlier].at, call.at
        return bool(call.changes) or not _between(self.writes, since, until) - _between(
            self.own.get(call.name, ()), since, until
        )


def _between(places: tuple[int, ...], since: int, until: int) -> int:
    return max(0, bisect_left(places, until) - bisect_right(places, since))
