"""What recordings say of the version that made them, together: every value of each part, and whether some keep silent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

NOT_STATED = "(not stated)"


def stated(systems: Iterable[Mapping[str, str]]) -> dict[str, tuple[str, ...]]:
    """Part -> every value it has, sorted; ``NOT_STATED`` among them where a recording leaves out what another states."""
    told = list(systems)
    parts = sorted({part for one in told for part in one})
    return {part: tuple(sorted({one.get(part, NOT_STATED) for one in told})) for part in parts}


def in_fields(fields: Iterable[str]) -> dict[str, str]:
    """The parts among ``system.part=value`` texts, as tables of traces hold them."""
    pairs = (one.removeprefix("system.").partition("=") for one in fields if one.startswith("system."))
    return {part: value for part, _, value in pairs}
