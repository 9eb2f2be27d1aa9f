"""Names of framework spans, from the one file that lists them."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files


@cache
def plumbing_names() -> frozenset[str]:
    """Every name of ``_plumbing.toml``, without case."""
    text = files("traceeval.adapters").joinpath("_plumbing.toml").read_text(encoding="utf-8")
    return frozenset(name.casefold() for table in tomllib.loads(text).values() for name in table["names"])
