"""A verdict from flags or a JSON file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, get_args

import msgspec

from traceeval.errors import ConfigError, Incomplete
from traceeval.measures.strict_yaml import Document
from traceeval.measures.typed import typed
from traceeval.review import Submission
from traceeval.review.submission import Absent, Cause, Preference

_OPTIONS = {
    "mark": "--mark {}=…",
    "reason": "--reason {}=…",
    "evidence": "--evidence …",
    "rationale": "--rationale …",
    "preference": "--prefer …",
    "cause": "--cause …",
}
ABSENT: tuple[str, ...] = get_args(Absent)


class VerdictFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A verdict as JSON: what the API takes, save the fence. A mark may also say here why there is none."""

    marks: dict[str, int | Absent] = {}
    absent: dict[str, Absent] = {}
    rationale: str = ""
    reasons: dict[str, str] = {}
    flags: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()
    escalate: bool = False
    blame: tuple[str, ...] = ()
    confidence: Annotated[int, msgspec.Meta(ge=1, le=5)] | None = None
    preference: Preference | None = None
    preferred: dict[str, Preference] = {}
    revised_marks: dict[str, int] = {}
    cause: Cause | None = None
    indeterminate: bool = False
    answer: str = ""
    claims: tuple[str, ...] = ()
    active_ms: Annotated[int, msgspec.Meta(ge=0, lt=2**31)] | None = None


@contextmanager
def naming_options(**other: str) -> Iterator[None]:
    """A verdict that lacks something is refused with the option that gives it. ``other``: what gives it in this command.

    Raises:
        Incomplete: as it was, and with that option.
    """
    try:
        yield
    except Incomplete as error:
        what, _, name = error.field.partition(".")
        options = {**_OPTIONS, **other}
        option = f" ({options[what].format(name)})" if what in options else ""
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
    said = _read(file) if file else VerdictFile()
    given = {**_marks(said.marks), **_marks(dict(_pair(text, "--mark") for text in marks))}
    return Submission(
        marks={name: int(mark) for name, mark in given.items() if mark not in ABSENT},
        absent={**said.absent, **_absent(given)},
        rationale=rationale or said.rationale,
        reasons={**said.reasons, **dict(_pair(text, "--reason") for text in reasons)},
        flags=(*said.flags, *flags),
        evidence=(*said.evidence, *evidence),
        unsure=(*said.unsure, *unsure),
        escalate=escalate or said.escalate,
        blame=said.blame,
        confidence=said.confidence,
        cause=cause or said.cause,
        indeterminate=indeterminate or said.indeterminate,
        active_ms=said.active_ms,
        preference=prefer or said.preference,
        preferred=said.preferred,
        revised_marks=said.revised_marks,
        answer=answer or said.answer,
        claims=(*said.claims, *claims),
    )


def _absent(given: dict[str, str]) -> dict[str, Absent]:
    known: dict[str, Absent] = {"not_applicable": "not_applicable", "cannot_judge": "cannot_judge"}
    return {name: known[mark] for name, mark in given.items() if mark in known}


def _read(file: str) -> VerdictFile:
    try:
        body = msgspec.json.decode(Path(file).read_bytes())
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read ({error.strerror})") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ConfigError(f"{file}: no JSON in UTF-8: {error}") from error
    return typed(Document(body, {(): file}), VerdictFile, "traceeval schema verdict")


def _pair(text: str, option: str) -> tuple[str, str]:
    name, found, value = text.partition("=")
    if not found:
        raise ConfigError(f"{option} {text!r}: write {option} NAME=VALUE")
    return name.strip(), value.strip()


def _marks(given: Mapping[str, Any]) -> dict[str, str]:
    for name, mark in given.items():
        if str(mark) not in (*"12345", *ABSENT):
            raise ConfigError(f"mark {name}={mark}: 1 to 5, not_applicable or cannot_judge")
    return {name: str(mark) for name, mark in given.items()}
