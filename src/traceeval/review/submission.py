"""What a person says of an item, and what it must hold before it is stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from traceeval.errors import Incomplete
from traceeval.measures.language import script_of
from traceeval.model import Rubric
from traceeval.review.pairs import PAIR_MODES, SIDES

MIN_RATIONALE, MIN_RATIONALE_WIDE = 20, 8
_WIDE = frozenset({"han", "kana", "hangul"})
Absent = Literal["not_applicable", "cannot_judge"]
Preference = Literal["a", "b", "tie", "both_bad"]
Cause = Literal["guideline_gap", "ambiguous", "reviewer_error", "edge_case", "subjective", "missing_evidence"]
CAUSES: tuple[str, ...] = get_args(Cause)


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What a person says. ``marks``: criterion -> 1..5; a criterion without a mark says why in ``absent``.

    ``reasons``: criterion or flag -> why, required for marks of 2 or less and for every flag. ``evidence``: span ids.
    ``blame``: spans or components at fault, empty for "I cannot tell". ``cause``: an adjudicator's, required to decide.
    Side by side, ``a`` is what stood on the left: ``preferred`` says it by criterion; ``revised_marks`` (``a:criterion``
    -> 1..5) holds doubts about marks that stand. In relevance queues, ``answer`` and ``claims``: what a right answer to
    the question says.
    """

    marks: Mapping[str, int]
    rationale: str
    absent: Mapping[str, Absent] = field(default_factory=dict)
    flags: tuple[str, ...] = ()
    reasons: Mapping[str, str] = field(default_factory=dict)
    evidence: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()
    escalate: bool = False
    preference: Preference | None = None
    blame: tuple[str, ...] = ()
    confidence: int | None = None
    cause: str | None = None
    indeterminate: bool = False
    active_ms: int | None = None
    preferred: Mapping[str, Preference] = field(default_factory=dict)
    revised_marks: Mapping[str, int] = field(default_factory=dict)
    answer: str = ""
    claims: tuple[str, ...] = ()

    def body(self) -> dict[str, Any]:
        """What history keeps. What only pairs hold is there when it holds something."""
        rare = {"preferred": dict(self.preferred), "revised_marks": dict(self.revised_marks)}
        return {name: value for name, value in rare.items() if value} | {
            "marks": dict(self.marks),
            "absent": dict(self.absent),
            "flags": sorted(set(self.flags)),
            "evidence": list(self.evidence),
            "unsure": sorted(self.unsure),
            "escalate": self.escalate,
            "preference": self.preference,
            "blame": sorted(self.blame),
            "confidence": self.confidence,
            "cause": self.cause,
            "indeterminate": self.indeterminate,
        }

    def words(self) -> dict[str, Any]:
        """What can be erased."""
        rare = {"answer": self.answer, "claims": list(self.claims)}
        said = {"rationale": self.rationale, "reasons": dict(self.reasons)}
        return said | {name: value for name, value in rare.items() if value}


@dataclass(frozen=True, slots=True)
class Problem:
    """Something missing or wrong. ``field``: where a form has it; ``code``: what, for catalogues; ``text``: in words."""

    field: str
    code: str
    text: str


def validate(
    said: Submission,
    rubric: Rubric,
    spans: set[str],
    *,
    mode: str = "single",
    alone: bool = False,
    decides: bool = False,
) -> None:
    """Everything a verdict must hold. ``decides``: it is an adjudicator's final one.

    ``alone``: one response of a pair marked by itself, before both stand side by side; why is told with the preference.

    Raises:
        Incomplete: names the first thing that is missing or wrong.
    """
    first = next(problems(said, rubric, spans, mode=mode, alone=alone, decides=decides), None)
    if first is not None:
        raise Incomplete(first.text, field=first.field)


def problems(
    said: Submission,
    rubric: Rubric,
    spans: set[str],
    *,
    mode: str = "single",
    alone: bool = False,
    decides: bool = False,
) -> Iterator[Problem]:
    """Everything that is missing or wrong, in the order of a form."""
    names = [criterion.name for criterion in rubric.criteria]
    yield from _preferring(said, names, mode) if mode in PAIR_MODES and not alone else _marked(said, names)
    if (said.answer or said.claims) and mode != "relevance":
        yield Problem("answer", "answer", "reference answers and claims are asked for in relevance queues only")
    strange = next((flag for flag in said.flags if flag not in rubric.flags), None)
    if strange is not None:
        yield Problem("flags", "flag", f"no flag {strange!r}; flags are {', '.join(rubric.flags)}")
    least = MIN_RATIONALE_WIDE if script_of(said.rationale) in _WIDE else MIN_RATIONALE
    if len(said.rationale.strip()) < least and not alone:
        why = f"the rationale is required: at least {least} characters that say why"
        yield Problem("rationale", "rationale", why)
    yield from _grounded(said, spans)
    if decides and said.cause not in CAUSES:
        yield Problem("cause", "cause", f"a decision needs a cause: {', '.join(CAUSES)}")


def _preferring(said: Submission, names: list[str], mode: str) -> Iterator[Problem]:
    """Side by side a preference is said; marks were given before, each response alone, and stand."""
    if said.marks or said.absent:
        why = "side by side only the preference is asked; marks are given to each response alone, before"
        yield Problem("marks", "marks", why)
    if said.preference is None:
        why = f"which is better? {', '.join(get_args(Preference))}"
        yield Problem("preference", "preference", why)
    for name, side in said.preferred.items():
        if name not in names or side not in get_args(Preference):
            why = f"preferred {name}={side}: criteria are {', '.join(names)}, sides a, b, tie, both_bad"
            yield Problem("preferred", "preferred", why)
    marked = [f"{side}:{name}" for side in SIDES for name in names] if mode == "protocol" else []
    for name, mark in said.revised_marks.items():
        if name not in marked or mark not in (1, 2, 3, 4, 5):
            why = f"revised mark {name}={mark}: write a:CRITERION or b:CRITERION, 1..5, in a protocol queue"
            yield Problem("revised_marks", "revised_marks", why)


def _marked(said: Submission, names: list[str]) -> Iterator[Problem]:
    """Every criterion once, and nothing else."""
    for name in (*said.marks, *said.absent, *said.unsure):
        if name not in names:
            yield Problem("marks", "criterion", f"the rubric has no criterion {name!r}; it has {', '.join(names)}")
    for name in names:
        if (name in said.marks) == (name in said.absent):
            why = f"{name} needs one mark: 1..5, not_applicable or cannot_judge"
            yield Problem(f"mark.{name}", "mark", why)
    for name, mark in said.marks.items():
        if mark not in (1, 2, 3, 4, 5):
            yield Problem(f"mark.{name}", "range", f"{name}: a mark is 1..5, not {mark}")
    for name, why in said.absent.items():
        if why not in get_args(Absent):
            text = f"{name}: {why!r} is no reason for no mark; not_applicable or cannot_judge"
            yield Problem(f"mark.{name}", "absent", text)


def _grounded(said: Submission, spans: set[str]) -> Iterator[Problem]:
    """A low mark or a flag says why, and where."""
    low = [name for name, mark in said.marks.items() if mark <= 2] + list(said.flags)
    for name in low:
        if not said.reasons.get(name, "").strip():
            yield Problem(f"reason.{name}", "reason", f"{name} needs a reason of its own")
    for span in said.evidence:
        if span not in spans:
            text = f"evidence {span!r} is no span of this trace; span ids stand in square brackets"
            yield Problem("evidence", "span", text)
    if low and not said.evidence:
        yield Problem("evidence", "evidence", f"{low[0]} needs at least one span as evidence")
