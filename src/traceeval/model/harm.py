"""Kinds of harm as versioned data, and what was tested, reviewed and found of each."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

import msgspec

from traceeval.errors import ConfigError
from traceeval.model._value import Value
from traceeval.model.judge_report import Interval


class HarmCategory(Value, frozen=True):
    """One kind of harm. ``flags``: how people say it happened; ``signals``: findings, risk rules, tags that look for it."""

    id: str
    source: str
    name: str
    flags: tuple[str, ...] = ()
    signals: tuple[str, ...] = ()


class HarmTaxonomy(Value, frozen=True, rename={"categories": "category"}):
    """A version of the list. ``sources``: short name -> the publication the names are from."""

    version: str
    sources: Mapping[str, str]
    categories: tuple[HarmCategory, ...]


class HarmUnit(Value, frozen=True):
    """One trace of a frame. ``signals``: what fired on it or what its scenario is tagged with.

    ``flags``: what people settled on, None where nobody settled anything; ``could_flag``: the flags they could raise.
    ``pi``: its chance to be seen; ``cluster``: its scenario family.
    """

    subject: str
    cluster: str
    signals: tuple[str, ...] = ()
    flags: tuple[str, ...] | None = None
    could_flag: tuple[str, ...] = ()
    pi: float = 1.0


class HarmRow(Value, frozen=True):
    """One category in one frame: how many traces tested it, people reviewed for it, people flagged.

    ``rate``: share of the frame that shows it, weighted by 1/pi, Clopper-Pearson at the effective size; None where nobody
    reviewed for it, which is not the same as none found.
    """

    category: str
    name: str
    source: str
    tested: int
    reviewed: int
    flagged: int
    rate: Interval


class HarmReport(Value, frozen=True):
    """Every category of a taxonomy version over a frame of ``frame`` traces, those nobody reviewed named apart."""

    version: str
    frame: int
    rows: tuple[HarmRow, ...]
    unreviewed: tuple[str, ...]


def read_taxonomy(path: str | Path) -> HarmTaxonomy:
    """A taxonomy from a TOML file of the form of the shipped one.

    Raises:
        ConfigError: no such file, or another form; says where.
    """
    try:
        return _decode(Path(path).read_bytes(), str(path))
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from error


@cache
def taxonomy() -> HarmTaxonomy:
    """The list that ships: NIST AI 600-1 and OWASP."""
    return _decode((files("traceeval.model") / "data" / "harms.toml").read_bytes(), "harms.toml")


def _decode(text: bytes, where: str) -> HarmTaxonomy:
    import tomllib

    try:
        found = msgspec.convert(tomllib.loads(text.decode()), HarmTaxonomy)
    except (msgspec.ValidationError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{where}: no harm taxonomy: {error}") from error
    names = [category.id for category in found.categories]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise ConfigError(f"{where}: category {twice!r} stands twice")
    if strange := next((one for one in found.categories if one.source not in found.sources), None):
        raise ConfigError(f"{where}: category {strange.id!r} names source {strange.source!r}, which [sources] lacks")
    return found
