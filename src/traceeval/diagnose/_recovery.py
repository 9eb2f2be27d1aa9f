"""Which failed calls a later one made good for: one pass over the calls, from the last to the first."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

from traceeval.diagnose._calls import entities, same_arguments
from traceeval.graph import Call, Dossier
from traceeval.graph._lexicon import tool_classes


@dataclass(slots=True)
class _Later:
    """Successes of one kind behind the place where the pass stands."""

    ids: set[str] = field(default_factory=set)
    bare: bool = False
    arguments: set[bytes] = field(default_factory=set)

    def add(self, ids: frozenset[str], arguments: bytes) -> None:
        self.ids |= ids
        self.bare = self.bare or not ids
        self.arguments.add(arguments)

    def touches(self, ids: frozenset[str]) -> bool:
        """Whether one of them was on these entities; where either names none nobody can exclude it."""
        return bool(self.arguments) and (not ids or self.bare or not ids.isdisjoint(self.ids))

    def differs(self, arguments: bytes) -> bool:
        """Whether one of them had other arguments."""
        return bool(self.arguments - {arguments}) if len(self.arguments) < 2 else True


class Recovery:
    """Failed calls that were recovered from, and those whose arguments were corrected; by span and call."""

    def __init__(self, dossier: Dossier, calls: Sequence[Call]) -> None:
        self._recovered: set[int] = set()
        self._corrected: set[int] = set()
        later: dict[Hashable, _Later] = {}
        for call in reversed(calls):
            if call.ok is False:
                self._judge(dossier, later, call)
            elif call.ok:
                ids, arguments = entities(dossier, call), same_arguments(call)
                for kind in _kinds(call):
                    later.setdefault(kind, _Later()).add(ids, arguments)

    def recovered(self, failed: Call) -> bool:
        """A later call of the tool, or of another with the same kind of action or effect, succeeded on the entity.

        Or the tool succeeded in the same turn with other arguments: the agent corrected what it had got wrong.
        """
        return id(failed) in self._recovered

    def corrected(self, failed: Call) -> bool:
        """A later call of the same tool with other arguments succeeded."""
        return id(failed) in self._corrected

    def _judge(self, dossier: Dossier, later: dict[Hashable, _Later], failed: Call) -> None:
        ids, arguments, none = entities(dossier, failed), same_arguments(failed), _Later()
        alike = [("class", kind) for kind in tool_classes(failed.name)] if failed.changes else [("reads", "")]
        if later.get(("tool", failed.name), none).differs(arguments):
            self._corrected.add(id(failed))
        same = any(later.get(kind, none).touches(ids) for kind in (("tool", failed.name), *alike))
        if same or later.get(("turn", failed.name, failed.turn), none).differs(arguments):
            self._recovered.add(id(failed))


def _kinds(call: Call) -> list[Hashable]:
    """The kinds of success a call is, under which a failed one looks for it."""
    found: list[Hashable] = [("tool", call.name), ("turn", call.name, call.turn)]
    found += (("class", kind) for kind in tool_classes(call.name))
    return [*found, ("reads", "")] if call.changes is False else found
