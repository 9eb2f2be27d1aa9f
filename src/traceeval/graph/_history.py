"""What happened before and after a call, asked of ten thousand calls without walking over them again and again.

Calls of one message have no mutual order: what is said here does not change when they are listed in another one.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass

from traceeval.graph._call import Call
from traceeval.graph._table import Table


@dataclass(frozen=True, slots=True)
class History:
    """``before``: row -> the latest row that was asked for earlier, is equal, and succeeded.

    ``succeeded``: call -> when an equal call that succeeded was last asked for; ``filled``: the same of calls of a tool
    that were matched; ``answered``: requests, by id, that succeeded. ``writes``: when changes were asked for,
    ``own``: the same by tool. ``meant``: rows that were compared with an expected call.
    """

    calls: tuple[Call, ...]
    keys: tuple[bytes, ...]
    before: Mapping[int, int]
    succeeded: Mapping[bytes, int]
    filled: Mapping[str, int]
    answered: frozenset[tuple[str | None, bytes]]
    writes: tuple[int, ...]
    own: Mapping[str, tuple[int, ...]]
    meant: frozenset[int]

    @classmethod
    def of(cls, table: Table, full: Mapping[int, int]) -> History:
        """One walk over the calls, in the order they were asked for; of one message, those that succeeded first."""
        calls = table.calls
        keys = table.keys
        seen: dict[bytes, int] = {}
        before: dict[int, int] = {}
        own: dict[str, list[int]] = {}
        for row in sorted(range(len(calls)), key=lambda row: (_asked(calls[row]), calls[row].ok is not True)):
            call = calls[row]
            if keys[row] in seen:
                before[row] = seen[keys[row]]
            if call.ok is True:
                seen[keys[row]] = row
                if call.changes:
                    own.setdefault(call.name, []).append(_asked(call))
        filled = sorted((_asked(calls[row]), calls[row].name) for row in full if calls[row].ok is True)
        return cls(
            calls=calls,
            keys=keys,
            before=before,
            succeeded={key: _asked(calls[row]) for key, row in seen.items()},
            filled={name: asked for asked, name in filled},
            answered=frozenset((calls[row].call_id, keys[row]) for row in seen.values()),
            writes=tuple(sorted(moment for moments in own.values() for moment in moments)),
            own={name: tuple(moments) for name, moments in own.items()},
            meant=frozenset(row for row, cells in enumerate(table.cells) if cells),
        )

    def retried(self, row: int) -> bool:
        """It failed, and the same request, or a later equal one or one that fills a slot it was meant for, succeeded."""
        call = self.calls[row]
        if call.ok is not False:
            return False
        if call.call_id is not None and (call.call_id, self.keys[row]) in self.answered:
            return True
        later = self.succeeded.get(self.keys[row], -1) > call.at
        return later or (row in self.meant and self.filled.get(call.name, -1) > call.at)

    def repeats(self, row: int) -> bool:
        """An equal call succeeded before, the tool is not volatile, and no other tool changed anything since."""
        call, earlier = self.calls[row], self.before.get(row)
        if earlier is None or call.spec.volatile:
            return False
        since, until = _asked(self.calls[earlier]), _asked(call)
        others = _between(self.writes, since, until) - _between(self.own.get(call.name, ()), since, until)
        return bool(call.changes) or not others


def _asked(call: Call) -> int:
    return call.moment[0]


def _between(moments: tuple[int, ...], since: int, until: int) -> int:
    return bisect_right(moments, until) - bisect_left(moments, since)
