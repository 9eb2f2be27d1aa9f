"""Who speaks in a group chat: an agent, a person, or the environment that runs what agents write."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Part = Literal["agent", "human", "environment", "system"]

_NAME = re.compile(r"^(?P<name>.*?)\s*(?:\((?P<note>[^()]*)\))?\s*$", re.DOTALL)
_HUMAN = re.compile(r"^(?:human|user|customer|user[ _]?proxy)$", re.IGNORECASE)
_ENVIRONMENT = re.compile(
    r"terminal|interpreter|environment|sandbox|^executor$|code[ _]?execut|^(?:tool|function)$", re.IGNORECASE
)
_FAILED = re.compile(r"\bexit ?code:?\s*-?[1-9]|^Traceback \(most recent call last\)|execution failed", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Speaker:
    """``name`` without its note; ``to``: whom the message is addressed to; ``note``: what else stood in brackets."""

    name: str
    part: Part
    note: str = ""
    to: str | None = None


def speaker_of(message: Mapping[str, Any]) -> Speaker:
    """The speaker of a message: its ``name``, else its ``role``, e.g. ``Orchestrator (-> WebSurfer)``."""
    raw = str(message.get("name") or message.get("role") or "").strip()
    found = _NAME.match(raw)
    name, note = (found["name"], found["note"] or "") if found else (raw, "")
    to = note.removeprefix("->").strip() if note.startswith("->") else None
    return Speaker(name=name, part=_part(name), note="" if to else note, to=to or None)


def _part(name: str) -> Part:
    if _HUMAN.match(name):
        return "human"
    if name.lower() in ("system", "developer"):
        return "system"
    return "environment" if _ENVIRONMENT.search(name) else "agent"


def failed(output: str) -> bool:
    """Whether what an environment printed says that the run failed: an exit code, a traceback."""
    return _FAILED.search(output) is not None
