"""Who decides claims, from how it was written: ``lexical``, ``nli:path=DIR``, ``openai:model=NAME,base_url=URL``."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any

from traceeval.errors import ConfigError
from traceeval.judge import Calibrated, Cascade, Checker, Judges, Reader
from traceeval.judge.checkers.lexical import LexicalChecker
from traceeval.model import Calibration
from traceeval.registry import CheckerPlugin, Registry

CHECKERS = Registry("traceeval.judge.checkers", CheckerPlugin)
FIRST = "lexical"


def open_checkers(texts: Sequence[str], judges: Judges, calibration: Calibration | None = None) -> Reader:
    """The embedded checker alone, or a cascade of these checkers in this order.

    Raises:
        ConfigError: a text of another form, or ``lexical`` anywhere but first.
        UnknownPlugin: no checker of that name.
        MissingExtra: a checker needs a package that is not installed.
    """
    names = [text.partition(":")[0].strip() for text in texts]
    if FIRST in names[1:]:
        raise ConfigError(f"--checker {FIRST}: it reads the answer, so it comes first, once")
    reader: Reader = _reader(texts[0]) if names[:1] == [FIRST] else LexicalChecker()
    if calibration is not None:
        reader = _calibrated(reader, calibration)
    later = [text for text, name in zip(texts, names, strict=True) if name != FIRST]
    if not later:
        return reader
    stages = [open_checker(text, judges) for text in later]
    return Cascade(reader, stages, judges, decides=names[0] == FIRST)


def open_checker(text: str, judges: Judges) -> Checker:
    """One checker from ``NAME[:key=value,...]``.

    Raises:
        ConfigError: a text of another form, or an option the checker does not have.
        UnknownPlugin: no checker of that name.
    """
    name, _, rest = text.partition(":")
    plugin = CHECKERS.get(name.strip())
    options = dict(_option(part, text) for part in rest.split(",") if part.strip())
    made: Checker = plugin.call(judges, **_typed(plugin, options, text))
    return made


def _calibrated(reader: Reader, calibration: Calibration) -> Reader:
    if calibration.checker != reader.id:
        raise ConfigError(
            f"the calibration is of {calibration.checker}, not of {reader.id}: it is stale; draw and fit again, "
            f"or choose --checker lexical:version={calibration.checker.partition('@')[2]}"
        )
    return Calibrated(reader, calibration)


def _reader(text: str) -> LexicalChecker:
    """``lexical`` or ``lexical:version=1``."""
    plugin, rest = CHECKERS.get(FIRST), text.partition(":")[2]
    options = _typed(plugin, dict(_option(part, text) for part in rest.split(",") if part.strip()), text)
    return LexicalChecker(**options)


def _option(part: str, text: str) -> tuple[str, str]:
    key, found, value = part.partition("=")
    if not found or not key.strip():
        raise ConfigError(f"--checker {text!r}: write NAME:key=value,key=value, e.g. openai:model=NAME,base_url=URL")
    return key.strip(), value.strip()


def _typed(plugin: CheckerPlugin, options: dict[str, str], text: str) -> dict[str, Any]:
    known = dict(list(inspect.signature(plugin.call, eval_str=True).parameters.items())[1:])
    unknown = [key for key in options if key not in known]
    if unknown:
        takes = ", ".join(known) or "no options"
        raise ConfigError(f"--checker {text!r}: no option {', '.join(unknown)}; {plugin.name} takes {takes}")
    try:
        return {key: known[key].annotation(value) for key, value in options.items()}
    except ValueError as error:
        raise ConfigError(f"--checker {text!r}: {error}") from error
