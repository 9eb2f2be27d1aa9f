"""What somebody typed into a form that was refused, under the labels of that form, to be copied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from starlette.datastructures import FormData

from traceeval.web.words import ENGLISH, catalogue, words

OURS = ("csrf", "fence", "key", "page", "active_ms", "next")  # hidden fields: sent again, not shown
SECRET = ("password", "old", "token")
LABELS: Mapping[str, str] = {
    "answer": "relevance.answer", "blame": "work.blame", "category": "account.categories", "cause": "decide.cause",
    "claims": "relevance.claims", "days": "account.days", "escalate": "work.escalate", "evidence": "refused.cited",
    "flag": "work.flags", "handle": "login.handle", "indeterminate": "decide.indeterminate", "langs": "people.langs_hint",
    "language": "account.language", "name": "account.name", "preference": "pair.prefer", "preferred": "pair.prefer",
    "project": "refused.project", "rationale": "work.rationale", "reason": "refused.reason", "revised": "pair.revised",
    "role": "refused.role", "rubric": "rounds.rubric", "scope": "account.scopes", "sub": "people.sub",
    "tags": "people.tags_hint", "target": "rounds.target", "text": "calibration.note", "unsure": "work.unsure",
}  # fmt: skip
VALUES: Mapping[str, str] = {
    "cause": "cause", "mark": "work", "preference": "pair", "preferred": "pair", "reason": "decline", "role": "role",
    "scope": "need",
}  # fmt: skip
"""Where the catalogue says what a choice is called."""
NAMES = ("blame", "category", "flag", "unsure")


def typed(form: Any, language: str) -> Iterator[tuple[str, str]]:
    """Label and value of what a form holds."""
    if isinstance(form, FormData):
        for name, value in form.multi_items():
            if isinstance(value, str) and value.strip() and name not in OURS + SECRET:
                yield _label(name, language), _value(name, value, language)


def _label(field: str, language: str) -> str:
    """``mark.tool_use`` is the criterion itself, ``reason.tool_use`` why; a field no page of ours has is called as it was."""
    name, _, about = field.partition(".")
    about = about.replace("_", " ")
    if name == "mark":
        return about
    if name not in LABELS:
        return field
    return f"{words(language)(LABELS[name])}: {about}" if about else words(language)(LABELS[name])


def _value(field: str, value: str, language: str) -> str:
    name = field.partition(".")[0]
    if field == "project" and value == "*":
        return words(language)("people.everywhere")
    if name in NAMES:
        return value.replace("_", " ")
    key = f"{VALUES.get(name)}.{value}"
    return words(language)(key) if key in catalogue(ENGLISH) else value
