"""The base of every value the rooms exchange: frozen, keyword-only, compact in JSON."""

from __future__ import annotations

from typing import Any, TypeAlias

import msgspec

Json: TypeAlias = Any
"""A decoded JSON value: None, bool, int, float, str, list or dict of the same."""


class Value(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True, gc=False):
    """A frozen record. Unknown fields are refused when it is decoded: our own files hold nothing we would drop."""


def one_of(thing: Any, *fields: str) -> str:
    """The one field of a value that is set.

    Raises:
        ValueError: none is, or several are.
    """
    given = [name for name in fields if getattr(thing, name) is not None]
    if len(given) != 1:
        told = "none" if not given else " and ".join(given)
        raise ValueError(f"give exactly one of {', '.join(name.rstrip('_') for name in fields)}; given: {told}")
    return given[0]
