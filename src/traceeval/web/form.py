"""A posted form as what its reviewer says, in the shape drafts are kept in; nothing typed is lost on the way.

A form shows one page of a trace: what was cited on other pages stands in the draft and stays.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, get_args

from starlette.datastructures import FormData

from traceeval.errors import Refused
from traceeval.model import Component
from traceeval.review import Submission, schema
from traceeval.review.desk import Desk
from traceeval.review.submission import Preference, Problem, problems
from traceeval.web.trace_view import Sides

COMPONENTS = tuple(component.value for component in Component)
ABSENT = ("not_applicable", "cannot_judge")
CHOICES = get_args(Preference)
MARKS = ("1", "2", "3", "4", "5")
EMPTY: Mapping[str, Any] = {
    "marks": {}, "absent": {}, "flags": [], "reasons": {}, "evidence": [], "unsure": [], "escalate": False,
    "preference": None, "preferred": {}, "revised_marks": {}, "blame": [], "confidence": None, "cause": None,
    "indeterminate": False, "rationale": "", "answer": "", "claims": [],
}  # fmt: skip


def body_of(draft: Mapping[str, Any]) -> dict[str, Any]:
    """A draft with every field there is."""
    return {**EMPTY, **{name: value for name, value in draft.items() if name in EMPTY and value is not None}}


def written(draft: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What a draft says, field by field, to be read and copied."""
    for name, value in draft.items():
        if isinstance(value, Mapping):
            yield from written({f"{name}.{key}": one for key, one in value.items()})
        elif value:
            yield name, "\n".join(map(str, value)) if isinstance(value, list) else str(value)


def body_from(form: FormData, desk: Desk, sides: Sides, page: int) -> dict[str, Any]:
    """What the form says, at the stage the slot is in. ``page``: the one of the trace it shows."""
    rubric, compares = desk.rubric, desk.pair and desk.stage in ("judge", "decide")
    names = [criterion.name for criterion in rubric.criteria]
    flags = [flag for flag in rubric.flags if flag in texts(form, "flag")]
    body = {
        **EMPTY,
        "flags": flags,
        "reasons": {name: why for name in (*names, *rubric.flags) if (why := text(form, f"reason.{name}").strip())},
        "evidence": _evidence(form, sides, page, desk.draft),
        "escalate": bool(text(form, "escalate")),
        "blame": [one for one in COMPONENTS if one in texts(form, "blame")],
        "cause": text(form, "cause") or None,
        "indeterminate": bool(text(form, "indeterminate")),
        "rationale": text(form, "rationale").strip(),
    }
    if desk.mode == "relevance":
        body |= {"answer": text(form, "answer").strip(), "claims": list(_lines(text(form, "claims")))}
    return body | (_compared(form, names) if compares else _marked(form, names))


def _marked(form: FormData, names: list[str]) -> dict[str, Any]:
    marks = {name: text(form, f"mark.{name}") for name in names}
    return {
        "marks": {name: int(mark) for name, mark in marks.items() if mark in MARKS},
        "absent": {name: mark for name, mark in marks.items() if mark in ABSENT},
        "unsure": [name for name in names if name in texts(form, "unsure")],
    }


def _compared(form: FormData, names: list[str]) -> dict[str, Any]:
    """What is asked once both stand side by side."""
    choice = text(form, "preference")
    doubted = {f"{side}:{name}": text(form, f"revised.{side}:{name}") for side in "ab" for name in names}
    return {
        "preference": choice if choice in CHOICES else None,
        "preferred": {name: one for name in names if (one := text(form, f"preferred.{name}")) in CHOICES},
        "revised_marks": {name: int(mark) for name, mark in doubted.items() if mark in MARKS},
    }


def _evidence(form: FormData, sides: Sides, page: int, before: Mapping[str, Any]) -> list[str]:
    here = sides.here(page)
    elsewhere = sides.cited(before.get("evidence", ())) - here
    return sides.ids((frozenset(texts(form, "evidence")) & here) | elsewhere)


def _lines(value: str) -> Iterator[str]:
    return (line for raw in value.split("\n") if (line := raw.strip()))


def submission_of(body: Mapping[str, Any], active_ms: str = "") -> Submission:
    """The draft as a verdict; whether it holds is the service's to say."""
    fields: dict[str, Any] = {name: tuple(one) if isinstance(one, list) else one for name, one in body.items()}
    return Submission(**fields, active_ms=int(active_ms) if active_ms.isdigit() and len(active_ms) < 10 else None)


def wrong_fields(said: Submission, desk: Desk, *, decides: bool = False) -> dict[str, Problem]:
    """Field -> what is missing or wrong there, in the order of the form; empty: it can be stored."""
    found: dict[str, Problem] = {}
    alone = desk.stage in ("alone_a", "alone_b")
    for problem in problems(said, desk.rubric, desk.shown.spans, mode=desk.mode, alone=alone, decides=decides):
        found.setdefault(problem.field, problem)
    return found


def text(form: FormData, name: str) -> str:
    """One value with line ends as the reviewer typed them; empty when it is missing."""
    value = form.get(name)
    return value.replace("\r\n", "\n") if isinstance(value, str) else ""


def texts(form: FormData, name: str) -> list[str]:
    """Every value of a name."""
    return [value for value in form.getlist(name) if isinstance(value, str)]


def number(form: FormData, name: str) -> int:
    """A whole number that the page itself put there.

    Raises:
        Refused: it is missing: the form is not ours, or was cut.
    """
    value = text(form, name)
    if not value.isascii() or not value.isdigit() or len(value) > 15 or int(value) > schema.LARGEST:
        raise Refused(f"the form lacks its {name}; reload the page and send it again")
    return int(value)
