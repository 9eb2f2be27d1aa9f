"""Hand-written phrases of the measures, regular expressions in data files, compiled once when first asked for."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def table(name: str) -> Mapping[str, Any]:
    """A data file of the measures: ``[words]`` that phrases are made of, ``[phrases]``, and what else it holds."""
    return tomllib.loads((files("traceeval.measures") / "data" / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def pattern(name: str, *phrases: str) -> re.Pattern[str]:
    """One alternative of all phrases of these names in one file; a word in capitals stands for one of its words."""
    found = table(name)
    written = "|".join(f"(?:{phrase})" for listed in phrases for phrase in found["phrases"][listed])
    for word, form in found["words"].items():
        written = written.replace(word, form)
    return re.compile(written, re.IGNORECASE)
