"""Findings in the words of published taxonomies: versioned data, never ids in code."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import msgspec

from traceeval.model import Value


class Scheme(Value, frozen=True):
    """A taxonomy in one version. ``verified``: its ids were read at the source, not in a summary."""

    title: str
    version: str
    verified: bool


class Counterpart(Value, frozen=True):
    """What a finding is called there."""

    scheme: str
    version: str
    id: str
    verified: bool


class _Maps(Value, frozen=True):
    version: int
    schemes: dict[str, Scheme]
    findings: dict[str, dict[str, list[str]]]


@cache
def _maps() -> _Maps:
    text = (files("traceeval.diagnose") / "data" / "maps.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), _Maps)


def schemes() -> Mapping[str, Scheme]:
    """Every taxonomy by its name."""
    return _maps().schemes


def maps_of(code: str) -> tuple[Counterpart, ...]:
    """What a finding is called in each taxonomy; empty where none has a counterpart."""
    known = _maps()
    return tuple(
        Counterpart(scheme=name, version=known.schemes[name].version, id=id, verified=known.schemes[name].verified)
        for name, ids in known.findings.get(code, {}).items()
        for id in ids
    )
