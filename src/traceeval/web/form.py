"""A posted form as what its reviewer says, in the shape drafts are kept in; nothing typed is lost on the way.

A form shows one page of a trace: what was cited on other pages stands in the draft and stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from starlette.datastructures import FormData

from traceeval.errors import Refused
from traceeval.model import Component, Rubric
from traceeval.review import Submission
from traceeval.review.submission import Problem, problems
from traceeval.web.trace_view import TraceView

COMPONENTS = tuple(component.value for component in Component)
ABSENT = ("not_applicable", "cannot_judge")
EMPTY: Mapping[str, Any] = {
    "marks": {}, "absent": {}, "flags": [], "reasons": {}, "evidence": [], "unsure": [], "escalate": False,
    "preference": None, "blame": [], "confidence": None, "cause": None, "indeterminate": False, "rationale": "",
}  # fmt: skip


def body_of(draft: Mapping[str, Any]) -> dict[str, Any]:
    """A draft with every field there is."""
    return {**EMPTY, **{name: value for name, value in draft.items() if name in EMPTY and value is not None}}


def body_from(
    form: FormData, rubric: Rubric, view: TraceView, here: Iterable[int], before: Mapping[str, Any]
) -> dict[str, Any]:
    """What the form says. ``here``: the spans it shows; ``before``: the draft, for what it does not show."""
    names = [criterion.name for criterion in rubric.criteria]
    marks = {name: text(form, f"mark.{name}") for name in names}
    return {
        **EMPTY,
        "marks": {name: int(mark) for name, mark in marks.items() if mark in ("1", "2", "3", "4", "5")},
        "absent": {name: mark for name, mark in marks.items() if mark in ABSENT},
        "flags": [flag for flag in rubric.flags if flag in texts(form, "flag")],
        "reasons": {name: why for name in (*names, *rubric.flags) if (why := text(form, f"reason.{name}").strip())},
        "evidence": _evidence(form, view, frozenset(here), before),
        "unsure": [name for name in names if name in texts(form, "unsure")],
        "escalate": bool(text(form, "escalate")),
        "preference": text(form, "preference") or None,
        "blame": [one for one in COMPONENTS if one in texts(form, "blame")],
        "cause": text(form, "cause") or None,
        "indeterminate": bool(text(form, "indeterminate")),
        "rationale": text(form, "rationale").strip(),
    }


def _evidence(form: FormData, view: TraceView, here: frozenset[int], before: Mapping[str, Any]) -> list[str]:
    ticked = {int(value) for value in texts(form, "evidence") if value.isdigit() and len(value) < 10}
    elsewhere = view.seqs(before.get("evidence", ())) - here
    return list(view.ids(sorted((ticked & here) | elsewhere)))


def submission_of(body: Mapping[str, Any], active_ms: str = "") -> Submission:
    """The draft as a verdict; whether it holds is the service's to say."""
    fields: dict[str, Any] = {name: tuple(one) if isinstance(one, list) else one for name, one in body.items()}
    return Submission(**fields, active_ms=int(active_ms) if active_ms.isdigit() and len(active_ms) < 10 else None)


def wrong_fields(said: Submission, rubric: Rubric, spans: set[str], *, decides: bool) -> dict[str, Problem]:
    """Field -> what is missing or wrong there, in the order of the form; empty: it can be stored."""
    found: dict[str, Problem] = {}
    for problem in problems(said, rubric, spans, decides=decides):
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
    if not value.isascii() or not value.isdigit() or len(value) > 15:
        raise Refused(f"the form lacks its {name}; reload the page and send it again")
    return int(value)
