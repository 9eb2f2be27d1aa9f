"""Claims of an answer, the passages they are checked against, and what a checker said of each (faithfulness.md 6)."""

from __future__ import annotations

from typing import Literal, TypeAlias

from traceeval.model._value import Value

Outcome: TypeAlias = Literal["supported", "unsupported", "contradicted", "defer", "not_checkable"]


class Passage(Value, frozen=True):
    """A text the model had in its prompt. ``span`` is where it entered the trace, ``kind`` how it did.

    ``doc``: the document a chunk is of. ``whole`` False: the recording of it is cut, the model may have seen more.
    ``label``: the number the prompt marks it with, None where it has none.
    """

    id: str
    text: str
    kind: Literal["chunk", "tool", "user", "prompt"] = "chunk"
    span: str | None = None
    position: int = 0
    whole: bool = True
    doc: str | None = None
    label: str | None = None


class Claim(Value, frozen=True):
    """One sentence of an answer. ``span`` is its character range in the original answer."""

    id: str
    text: str
    span: tuple[int, int]
    skip: str | None = None


class Edge(Value, frozen=True):
    """Claim -> passage: the character range in the passage that bears on the claim."""

    passage: str
    span: tuple[int, int]
    relation: Literal["supports", "contradicts"] = "supports"
    weight: float = 1.0
    quote: str = ""


class Diff(Value, frozen=True):
    """A word-level difference between a claim and the sentence it comes from."""

    veto: str
    claim: str
    source: str


class ClaimVerdict(Value, frozen=True):
    """What a checker said of one claim. ``p``: probability of support; ``codes``: reasons; ``by``: who decided.

    ``note``: what went wrong, in words, where a checker failed.
    """

    claim: Claim
    outcome: Outcome
    p: float | None = None
    codes: tuple[str, ...] = ()
    edges: tuple[Edge, ...] = ()
    diffs: tuple[Diff, ...] = ()
    features: tuple[tuple[str, float], ...] = ()
    missing: tuple[str, ...] = ()
    by: str = ""
    calibration: str | None = None
    note: str = ""


class Checked(Value, frozen=True):
    """An answer taken apart: every claim with its verdict, and the sources they were checked against.

    ``support`` is the continuous answer score; None without a checkable claim. ``dropped``: qualifiers that stand in a
    used source sentence and in no claim of the answer. ``can``: what the checker may claim to know.
    """

    verdicts: tuple[ClaimVerdict, ...]
    passages: tuple[Passage, ...]
    by: str
    can: frozenset[str] = frozenset()
    support: float | None = None
    refusal: bool = False
    kept: int = 0
    dropped: tuple[Diff, ...] = ()
    language: str | None = None
