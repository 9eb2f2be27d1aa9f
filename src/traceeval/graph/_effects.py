"""What one call does, where its arguments say more than its tool's name: a shell command, an action, a place on a screen.

A tool that runs anything is privileged; ``ls`` in it looks. Only guesses are sharpened: what a person declared stands.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from functools import cache

import msgspec

from traceeval.graph._lexicon import commands, effect_of_verb, words_of
from traceeval.measures.memo import remembered
from traceeval.model import Basis, Effect, Json, ToolSpec

_PARTS = re.compile(r"&&|\|\||[;|\n]")
_WRITES = re.compile(r"(?<![<>&\d])>{1,2}(?!\s*(?:/dev/null|&))")
_ORDER: tuple[Effect, ...] = ("unknown", "read", "write", "external", "privileged")
_STARTERS = frozenset({"sudo", "doas", "nohup", "time", "env", "xargs"})
_MOST = 4_000


def sharpened(spec: ToolSpec, arguments: Json) -> ToolSpec:
    """The annotation of one call of a tool: its effect, and whether it can be undone, as its arguments tell."""
    if spec.basis_of("effect") is Basis.DECLARED or not isinstance(arguments, dict):
        return spec
    runs, looks = _kinds(spec.name)
    found = (_by_command(arguments) if runs else None) or _by_action(arguments)
    found = found or (_by_screen(arguments) if looks else None)
    if found is None:
        return spec
    effect, final = found
    return msgspec.structs.replace(spec, effect=effect, reversible=False if final else None)


def _by_action(arguments: dict[str, Json]) -> tuple[Effect, bool] | None:
    keys = commands("keys", "action")
    for key in () if keys.isdisjoint(arguments) else keys:
        value = arguments.get(key)
        if isinstance(value, str) and value.strip():
            verb = value.lower().replace("-", "_").split("_")[0].split()[0] if value.split("_")[0].split() else ""
            effect = effect_of_verb(verb)
            if effect is not None:
                return effect, verb in commands("screen", "final")
    return None


@cache
def _kinds(name: str) -> tuple[bool, bool]:
    """Whether a tool of that name runs commands, and whether it acts on a screen."""
    return not commands("keys", "tools").isdisjoint(words_of(name)), name.lower() in commands("keys", "screen")


def _by_command(arguments: dict[str, Json]) -> tuple[Effect, bool] | None:
    for key in commands("keys", "command"):
        value = arguments.get(key)
        if isinstance(value, str) and value.strip():
            return shell_effect(value)
    return None


@remembered(200_000)
def shell_effect(command: str) -> tuple[Effect, bool] | None:
    """(effect, whether it cannot be undone) of a shell command: the gravest of its parts; unknown programs are privileged."""
    seen = [found for part in _PARTS.split(command[:_MOST]) if (found := _program(part)) is not None]
    if not seen:
        return None
    effect = max((one for one, _ in seen), key=_ORDER.index)
    if effect == "read" and _WRITES.search(command):
        effect = "write"
    return effect, any(final for _, final in seen)


def _program(part: str) -> tuple[Effect, bool] | None:
    words = _words(part)
    raised = bool(words) and words[0] in _STARTERS & {"sudo", "doas"}
    while words and (words[0] in _STARTERS or "=" in words[0] or words[0].startswith("-")):
        words = words[1:]
    if not words:
        return None
    name = words[0].rsplit("/", 1)[-1].lower().rstrip("0123456789.") or words[0]
    if name in commands("shell", "final"):
        return ("privileged" if raised else "write"), True
    effect = next((kind for kind in _ORDER[1:] if name in commands("shell", kind)), None)
    if effect == "privileged" and commands("asks") & {word.lower() for word in words[1:3]}:
        return "read", False
    if effect is None or (raised and effect != "read"):
        return "privileged", False
    return effect, False


def _words(part: str) -> list[str]:
    try:
        return shlex.split(part, comments=False)
    except ValueError:
        return part.split()


def _by_screen(arguments: dict[str, Json]) -> tuple[Effect, bool] | None:
    words = {word for text in _texts(arguments) for word in re.findall(r"[a-z]+", text.lower())}
    effect = next((kind for kind in reversed(_ORDER[2:]) if words & commands("screen", kind)), None)
    return (effect, bool(words & commands("screen", "final"))) if effect is not None else ("read", False)


def _texts(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, dict):
        yield from _texts(list(value.values()))
