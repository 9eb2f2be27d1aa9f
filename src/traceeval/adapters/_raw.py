"""A span as any OpenTelemetry encoding holds it, before a dialect says what it means."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec

from traceeval.model import Json

_HEX = re.compile(r"(?:0[xX])?([0-9a-fA-F]+)")
_SIZES = {32: 16, 16: 8}
_BASE64_SIZES = {24: 16, 12: 8}
_UNITS = ((1e17, 1e9), (1e14, 1e6), (1e11, 1e3), (0.0, 1.0))  # from this magnitude on: units in a second


class Event(msgspec.Struct, gc=False):
    """Something that happened within a span."""

    name: str
    attributes: dict[str, Json]


class RawSpan(msgspec.Struct, gc=False):
    """One exported span. Times are seconds; ``status`` is ``ok``, ``error`` or empty.

    ``index``: its place in the source. ``notes``: diagnostic codes met while decoding it.
    """

    trace: str
    id: str
    parent: str | None = None
    name: str = ""
    start: float | None = None
    end: float | None = None
    attributes: dict[str, Json] = {}
    events: list[Event] = []
    links: list[tuple[str, str]] = []
    status: str = ""
    message: str = ""
    scope: str = ""
    resource: dict[str, Json] = {}
    index: int = 0
    line: int | None = None
    notes: list[str] = []


def normal_id(value: object) -> tuple[str | None, bool]:
    """(id, changed): hexadecimal in lower case from hex, ``0x`` or base64; other ids stay as they are.

    None when there is no id; an all-zero parent means none, which is for the caller to say.
    """
    if not isinstance(value, str | int) or isinstance(value, bool) or value == "":
        return None, False
    text = str(value)
    match = _HEX.fullmatch(text)
    if match and len(match[1]) in _SIZES:
        plain = match[1].lower()
        return plain, plain != text
    if len(text) in _BASE64_SIZES and text.endswith("="):
        try:
            data = base64.b64decode(text, validate=True)
        except binascii.Error:
            return text, False
        if len(data) == _BASE64_SIZES[len(text)]:
            return data.hex(), True
    return text, False


def is_zero(id_: str) -> bool:
    """Whether an id is only zeros, as importers write where there is none."""
    return not id_.strip("0")


def seconds(value: object) -> tuple[float | None, str | None]:
    """(seconds since the epoch, diagnostic code) of nanoseconds, other units guessed by magnitude, or an ISO time."""
    if isinstance(value, str) and not (value.isascii() and value.isdigit() and len(value) < 30):
        return _iso(value)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None, None
    number = float(value)  # integers from the wire have 64 bits at most: see decode
    if number <= 0 or number - number != 0:
        return None, None
    scale = next(scale for least, scale in _UNITS if number >= least)
    return number / scale, None if scale == 1e9 else "clock.unit_guessed"


def _iso(value: str) -> tuple[float | None, str | None]:
    try:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            return moment.replace(tzinfo=UTC).timestamp(), "clock.naive"
        return moment.timestamp(), None
    except (ValueError, OverflowError):
        return None, None


def text_attributes(values: Mapping[str, Json] | object) -> dict[str, Json]:
    """A plain attribute map; anything else is an empty one."""
    return {str(key): value for key, value in values.items()} if isinstance(values, Mapping) else {}
