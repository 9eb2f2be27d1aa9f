"""What an agent's words do: the call they stand for, read from the shapes in which agents write calls; else words.

Nothing is evaluated: objects are parsed as JSON or as Python literals, and what does not parse stays raw text.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from traceeval.model import Json

_MOST = 200_000
_NAME = r"[A-Za-z_][\w.\-]*"
_SAID = re.compile(r"^\s*(?:final[ _]answer|answer|response)\s*:\s*", re.IGNORECASE)
_INPUT = re.compile(
    rf"^(?:(?:the )?action(?: is)?\s*:\s*)?(?P<name>{_NAME})\s*\n\s*action[ _]input\s*:\s*(?P<rest>.*)$",
    re.DOTALL | re.IGNORECASE,
)
_OBJECT = re.compile(rf"^(?:action\s*:\s*)?(?P<name>{_NAME})\s*:?\s*(?P<rest>\{{.*)$", re.DOTALL | re.IGNORECASE)
_CALL = re.compile(rf"^(?P<name>{_NAME})\((?P<rest>.*)\)\s*;?$", re.DOTALL)
_FENCE = re.compile(r"^```[ ]*(?P<language>\w*)[ ]*\n?(?P<code>.*?)\n?```\s*$", re.DOTALL)
_SHELLS = frozenset({"bash", "sh", "shell", "zsh", "console", "terminal", "cmd", "powershell", "ps1", "bat"})
_SHELL_HEAD = re.compile(r"^(?P<name>bash|shell|terminal|sh)\s*\n+(?P<rest>```.*)$", re.DOTALL | re.IGNORECASE)
_SCREEN = re.compile(
    r"^(?P<verb>open|click|tap|press|type|enter|input|select|choose|search|scroll|swipe|navigate|go to|visit|download|"
    r"install|submit|send|delete|turn (?:on|off)|set)\b[\s:]*(?P<rest>.{1,200})$",
    re.IGNORECASE,
)
_TARGET = re.compile(r"<[^<>\n]{1,80}>|'[^'\n]{1,120}'|\"[^\"\n]{1,120}\"")
_NAMES = ("name", "tool", "tool_name", "action", "action_type", "function", "command")
_VALUES = ("args", "arguments", "parameters", "input", "action_input", "tool_input")
_ENDS = frozenset({"complete", "finish", "final_answer", "finalanswer", "respond", "answer"})


@dataclass(frozen=True, slots=True)
class Acted:
    """A call with what it was given; ``raw`` where that did not parse. ``name`` None: words, in ``said``."""

    name: str | None = None
    arguments: Json = None
    raw: str | None = None
    said: str = ""


def acted(text: str) -> Acted:
    """The call that an action written as prose stands for; words where it stands for none."""
    plain = text.strip()
    if not plain or len(plain) > _MOST:
        return Acted(said=plain)
    spoken = _SAID.match(plain)
    if spoken:
        return Acted(said=plain[spoken.end() :])
    found = _shell(plain) or _named(plain) or _listed(plain) or _python(plain) or _screen(plain) or Acted(said=plain)
    return _ended(found)


def _named(text: str) -> Acted | None:
    match = _INPUT.match(text) or _OBJECT.match(text)
    if match is None:
        return None
    value = _object(match["rest"])
    return Acted(name=match["name"], arguments=value, raw=None if value is not None else match["rest"])


def _listed(text: str) -> Acted | None:
    """``{"name": .., "args": ..}``, ``{"command": {..}}``, ``{"Tool": {..}}``, with or without their outer braces."""
    start = min((at for at in (text.find("{"), text.find('"')) if at >= 0), default=-1)
    if start < 0 or (start and not re.match(r"^(?:the )?action\b[^{\"]{0,20}$", text[:start], re.IGNORECASE)):
        return None
    value = _object(text[start:]) or _object("{" + text[start:])
    return _call_of(value) if isinstance(value, dict) else None


def _call_of(value: Mapping[str, Json]) -> Acted | None:
    for key in _NAMES:
        name = value.get(key)
        if isinstance(name, dict):
            return _call_of(name)
        if isinstance(name, str):
            given = next((value[one] for one in _VALUES if one in value), None)
            if given is None:
                given = {one: item for one, item in value.items() if one != key}
            if key == "command" and not given:
                return Acted(name="shell", arguments={"command": name})
            return Acted(name=name, arguments=given)
    if len(value) == 1:
        ((name, given),) = value.items()
        if isinstance(given, dict) and re.fullmatch(_NAME, name):
            return Acted(name=name, arguments=given)
    return None


def _python(text: str) -> Acted | None:
    """``Name(key=value)`` with plain values."""
    match = _CALL.match(text)
    if match is None:
        return None
    try:
        call = ast.parse(text.rstrip(";"), mode="eval").body
        if not isinstance(call, ast.Call):
            return None
        given = {word.arg: ast.literal_eval(word.value) for word in call.keywords if word.arg}
        given |= {str(at): ast.literal_eval(value) for at, value in enumerate(call.args)}
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Acted(name=match["name"], raw=match["rest"])
    return Acted(name=match["name"], arguments=given)


def _shell(text: str) -> Acted | None:
    head = _SHELL_HEAD.match(text)
    match = _FENCE.match(head["rest"] if head else text)
    if match is None or (head is None and match["language"].lower() not in _SHELLS):
        return None
    return Acted(name="shell", arguments={"command": match["code"].strip()})


def _screen(text: str) -> Acted | None:
    """What is done on a screen: ``click <Sign Up>``, ``<Settings> | <Volume>``."""
    targets = [found.strip("<>'\" ") for found in _TARGET.findall(text)]
    if len(text) > 400 or "\n\n" in text:
        return None
    verb = _SCREEN.match(text)
    if verb is not None and (targets or len(text) <= 80) and not text.rstrip().endswith(("?", ".")):
        name = re.sub(r"\W+", "_", verb["verb"].lower())
        return Acted(name=name, arguments={"target": targets or [verb["rest"].strip()]})
    if text.startswith("<") and targets:
        return Acted(name="click", arguments={"target": targets})
    return None


def _object(text: str) -> dict[str, Json] | None:
    """An object at the head of a text, as JSON or as a Python literal; what follows its end is left out."""
    plain = _balanced(text.strip().strip("`").strip())
    if plain is None:
        return None
    try:
        value = msgspec.json.decode(plain)
    except (msgspec.DecodeError, RecursionError):
        try:
            value = ast.literal_eval(plain)
        except (SyntaxError, ValueError, RecursionError, MemoryError, TypeError):
            return None
    return {str(key): _plain(item) for key, item in value.items()} if isinstance(value, dict) else None


def _plain(value: object) -> Json:
    """A literal as JSON has it: tuples and sets become lists, anything else its text."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set):
        return [_plain(item) for item in value]
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def _balanced(text: str) -> str | None:
    """The first object of a text: from its brace to the one that closes it, quotes and escapes respected."""
    if not text.startswith("{"):
        return None
    depth, quote, at = 0, "", 0
    while at < len(text):
        char = text[at]
        if quote:
            at += char == "\\"
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        else:
            depth += (char in "{[") - (char in "}]")
            if depth == 0:
                return text[: at + 1]
        at += 1
    return None


def _ended(found: Acted) -> Acted:
    """A call that only ends the run with a text is that text."""
    if found.name is None or found.name.lower() not in _ENDS or not isinstance(found.arguments, dict):
        return found
    texts = [value for value in found.arguments.values() if isinstance(value, str)]
    return Acted(said=texts[0]) if len(texts) == 1 else found
