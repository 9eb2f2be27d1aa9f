"""Whether a suite still tells versions apart, as ``traceeval saturation --json`` prints it."""

from __future__ import annotations

from typing import Final, Literal

from traceeval.model._value import Value

SATURATION: Final = "traceeval.saturation/1"


class SaturationRow(Value, frozen=True):
    """One case over all versions that tried it. ``state``: ``ceiling``: all always pass; ``floor``: nobody ever does.

    ``discrimination``: correlation of its pass rate with that of all other cases over versions, -1..1; None under three
    versions, or where either does not vary. ``inverted``: it is negative, and if its rates were dealt to the versions anew it
    would hardly ever be as low, all cases considered: better versions pass it less often. Five versions are the fewest.
    """

    case: str
    versions: int
    rate: float
    low: float
    high: float
    state: Literal["ceiling", "floor", "telling"]
    discrimination: float | None = None
    inverted: bool = False


class SaturationReport(Value, frozen=True):
    """All cases, those that tell nothing first. ``ceiling``, ``floor``: shares of the cases; ``versions``: their names."""

    schema_version: Literal["traceeval.saturation/1"]
    versions: tuple[str, ...]
    rows: tuple[SaturationRow, ...]
    ceiling: float | None
    floor: float | None
    saturated: bool
