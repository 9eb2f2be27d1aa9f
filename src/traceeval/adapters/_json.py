"""JSON as strangers write it: NaN, lone surrogates, JSON inside strings, Python reprs, and nesting meant to crash us.

Values are data only: nothing is evaluated, instantiated or unpickled.
"""

from __future__ import annotations

import ast
import json
import re
from typing import Any

import msgspec

from traceeval.errors import LimitExceeded
from traceeval.model import Json

MAX_DEPTH = 200
_LEVELS = 3
_REPR_CAP = 65_536
_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_ONE_KIND = bytes.maketrans(b"{}", b"[]")
_STRINGS = re.compile(rb'"(?:[^"\\]|\\(?:.|\Z))*+(?:"|\Z)', re.DOTALL)  # a cut string reaches to the end
_OPENS = ("{", "[", '"')
_ALL_ZERO = bytes.maketrans(b"123456789", b"0" * 9)
_HUGE = (b"0" * 20, b"-" + b"0" * 19)


def decode(data: bytes) -> Json:
    """A JSON document; NaN and infinities become None, integers over 64 bits texts, lone surrogates ``?``.

    Raises:
        ValueError: no JSON.
        LimitExceeded: nested deeper than ``MAX_DEPTH``.
    """
    check_depth(data)
    try:
        value = msgspec.json.decode(data)
        return scrub(value) if may_be_huge(data) else value
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return scrub(json.loads(data.decode("utf-8", "replace"), parse_constant=_none))
    except RecursionError as error:
        raise LimitExceeded(_TOO_DEEP) from error


def may_be_huge(data: bytes) -> bool:
    """Whether some run of digits is long enough to be an integer over 64 bits, which no encoder of ours can write."""
    digits = data.translate(_ALL_ZERO)
    return any(run in digits for run in _HUGE)


_TOO_DEEP = f"nested deeper than {MAX_DEPTH} levels; such a document is refused"


def check_depth(data: bytes) -> None:
    """Refuse nesting deeper than ``MAX_DEPTH`` without parsing: pairs of brackets are peeled off from the inside.

    Raises:
        LimitExceeded: nested deeper.
    """
    if not _shallow(data) and not _shallow(_STRINGS.sub(b"", data)):
        raise LimitExceeded(_TOO_DEEP)


def _shallow(data: bytes) -> bool:
    brackets = data.translate(_ONE_KIND, _NOT_BRACKETS)
    for depth in range(MAX_DEPTH):
        if depth + len(brackets) <= MAX_DEPTH:
            return True
        peeled = brackets.replace(b"[]", b"")
        if len(peeled) == len(brackets):
            return False
        brackets = peeled
    return False


def _none(_: str) -> None:
    return None


def scrub(value: Json) -> Json:
    """The value without what cannot be written: NaN and infinities, integers over 64 bits, lone surrogates."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, float):
        return value if value - value == 0 else None
    if isinstance(value, int):
        return value if -(2**63) <= value < 2**64 else str(value)
    if isinstance(value, list):
        return [scrub(item) for item in value]
    if isinstance(value, dict):
        return {scrub(key): scrub(item) for key, item in value.items()}
    return value


def unwrap(value: Json, levels: int = _LEVELS) -> Json:
    """A value that may be JSON in a string, at most ``levels`` deep, or a Python repr; else the string itself.

    Only objects, lists and quoted strings are looked into: ``"42"`` stays a string.
    """
    while levels and isinstance(value, str) and value.lstrip()[:1] in _OPENS:
        decoded = _decode_text(value)
        if decoded is None:
            break
        value, levels = decoded, levels - 1
    return value


def _decode_text(text: str) -> Json:
    try:
        return decode(text.encode("utf-8", "replace"))
    except (ValueError, RecursionError, LimitExceeded):
        return _literal(text)


def _literal(text: str) -> Json:
    """A Python literal such as ``{'a': 1}``; None when it is none, or too long or deep to try."""
    if len(text) > _REPR_CAP or "'" not in text or not _shallow(text.encode("utf-8", "replace")):
        return None
    try:
        value = ast.literal_eval(text.strip())
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return None
    return plain(value)


def plain(value: Any) -> Json:
    """A Python literal as JSON: tuples and sets become lists, keys strings, the rest text."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    return scrub(value) if value is None or isinstance(value, str | int | float | bool) else str(value)


def as_text(value: Json) -> str | None:
    """A value as a text: strings as they are, None stays None, anything else as compact JSON."""
    if value is None or isinstance(value, str):
        return value
    return msgspec.json.encode(value).decode()
