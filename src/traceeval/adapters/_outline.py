"""What the beginning of a JSON document shows of its structure, even when the rest is cut or not read yet."""

from __future__ import annotations

import json
from collections.abc import Mapping

from traceeval.model import Json

_DECODER = json.JSONDecoder(parse_constant=lambda _: None)
_SPACE = " \t\r\n"
_FEW = 20
CUT = object()
"""Stands for a value that goes on behind the part that was looked at."""


def outline(text: str) -> Mapping[str, Json]:
    """The keys of the first object, itself or in a list, with their values.

    Of a list that goes on, its first whole items; any other value that goes on is ``CUT``.
    """
    at = _space(text, 0)
    for _ in range(2):  # a list of objects, or of lists of them
        if text[at : at + 1] == "[":
            at = _space(text, at + 1)
    return _keys(text, at) if text[at : at + 1] == "{" else {}


def _keys(text: str, at: int) -> dict[str, Json]:
    found: dict[str, Json] = {}
    at = _space(text, at + 1)
    while text[at : at + 1] == '"':
        try:
            key, at = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            break
        at = _space(text, at)
        if text[at : at + 1] != ":":
            break
        found[key] = CUT
        begins = _space(text, at + 1)
        try:
            found[key], at = _DECODER.raw_decode(text, begins)
        except (ValueError, RecursionError):
            if text[begins : begins + 1] == "[":
                found[key] = _items(text, begins) or CUT
            break
        at = _space(text, at)
        if text[at : at + 1] != ",":
            break
        at = _space(text, at + 1)
    return found


def _items(text: str, at: int) -> list[Json]:
    """The first whole items of a list that goes on."""
    found: list[Json] = []
    while len(found) < _FEW and text[at : at + 1] in ("[", ","):
        try:
            item, at = _DECODER.raw_decode(text, _space(text, at + 1))
        except (ValueError, RecursionError):
            break
        found.append(item)
        at = _space(text, at)
    return found


def _space(text: str, at: int) -> int:
    while at < len(text) and text[at] in _SPACE:
        at += 1
    return at
