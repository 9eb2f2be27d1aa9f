"""A verdict from flags or a JSON file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, TypeAlias

from traceeval.errors import ConfigError, Incomplete
from traceeval.review import Submission
from traceeval.review.submission import Preference

Absent: TypeAlias = Literal["not_applicable", "cannot_judge"]
_OPTIONS = {
    "mark": "--mark {}=…",
    "reason": "--reason {}=…",
    "evidence": "--evidence …",
    "rationale": "--rationale …",
    "preference": "--prefer …",
    "cause": "--cause …",
}
ABSENT = ("not_applicable", "cannot_judge")


@contextmanager
def naming_options() -> Iterator[None]:
    """A verdict that lacks something is refused with the option that gives it.

    Raises:
        Incomplete: as it was, and with that option.
    """
    try:
        yield
    except Incomplete as error:
        what, _, name = error.field.partition(".")
        option = f" ({_OPTIONS[what].format(name)})" if what in _OPTIONS else ""
        raise Incomplete(f"{error}{option}", field=error.field) from error


def submission(
    file: str | None,
    marks: tuple[str, ...],
    reasons: tuple[str, ...],
    flags: tuple[str, ...],
    evidence: tuple[str, ...],
    rationale: str | None,
    unsure: tuple[str, ...],
    escalate: bool,
    cause: str | None,
    indeterminate: bool,
    prefer: Preference | None = None,
    answer: str | None = None,
    claims: tuple[str, ...] = (),
) -> Submission:
    """Flags over the file's values.

    Raises:
        ConfigError: the file is missing or no verdict, or a flag is badly written.
    """
    body = _read(file) if file else {}
    given = {**_marks(body.get("marks", {})), **_marks(dict(_pair(text, "--mark") for text in marks))}
    return Submission(
        marks={name: int(mark) for name, mark in given.items() if mark not in ABSENT},
        absent={**body.get("absent", {}), **_absent(given)},
        rationale=rationale or body.get("rationale", ""),
        reasons={**body.get("reasons", {}), **dict(_pair(text, "--reason") for text in reasons)},
        flags=(*body.get("flags", ()), *flags),
        evidence=(*body.get("evidence", ()), *evidence),
        unsure=(*body.get("unsure", ()), *unsure),
        escalate=escalate or bool(body.get("escalate")),
        cause=cause or body.get("cause"),
        indeterminate=indeterminate or bool(body.get("indeterminate")),
        preference=prefer or body.get("preference"),
        preferred=body.get("preferred", {}),
        revised_marks=body.get("revised_marks", {}),
        answer=answer or body.get("answer", ""),
        claims=(*body.get("claims", ()), *claims),
    )


def _absent(given: dict[str, str]) -> dict[str, Absent]:
    known: dict[str, Absent] = {"not_applicable": "not_applicable", "cannot_judge": "cannot_judge"}
    return {name: known[mark] for name, mark in given.items() if mark in known}


def _read(file: str) -> dict[str, Any]:
    try:
        body = json.loads(Path(file).read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read ({error.strerror})") from error
    except json.JSONDecodeError as error:
        raise ConfigError(f"{file}:{error.lineno}: no JSON: {error.msg}") from error
    if not isinstance(body, dict):
        raise ConfigError(f"{file}: a verdict is an object with marks, rationale, reasons, evidence, flags")
    return body


def _pair(text: str, option: str) -> tuple[str, str]:
    name, found, value = text.partition("=")
    if not found:
        raise ConfigError(f"{option} {text!r}: write {option} NAME=VALUE")
    return name.strip(), value.strip()


def _marks(given: dict[str, Any]) -> dict[str, str]:
    for name, mark in given.items():
        if str(mark) not in (*"12345", *ABSENT):
            raise ConfigError(f"mark {name}={mark}: 1 to 5, not_applicable or cannot_judge")
    return {name: str(mark) for name, mark in given.items()}
