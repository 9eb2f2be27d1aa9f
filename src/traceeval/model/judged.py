"""What a judge said and what people settled, one line each: the rows on which a judge is measured."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from traceeval.model._value import Value

Preference = Literal["a", "b", "tie", "both_bad"]
PROBES: Final = ("swapped", "padded", "refused", "injected", "framed")
"""What may be changed with the meaning held constant; ``framed:NAME`` names one wording of the question."""


class JudgeRow(Value, frozen=True):
    """One verdict of a judge: a mark 1..5 on a ``criterion``, or a preference between the outputs a and b.

    Neither: the reply could not be read. ``subject``: the digest people's decisions carry. ``probe``: what was changed,
    empty for the plain question; in a pair the change is made to a, and ``swapped`` shows b first (the preference still
    names the output, not the place). ``prompt``, ``rubric``: digests of what the judge was asked and by which wording.
    ``family``: whose model the judge is. ``usd``, ``seconds``: what the verdict cost; None: not recorded.
    """

    judge: str
    subject: str
    criterion: str = ""
    mark: float | None = None
    preference: Preference | None = None
    probe: str = ""
    prompt: str = ""
    rubric: str = ""
    family: str | None = None
    usd: float | None = None
    seconds: float | None = None


class Author(Value, frozen=True):
    """Whose output is judged: ``system``, the model ``family`` behind it, and its ``length`` in characters; None: unknown."""

    system: str = ""
    family: str | None = None
    length: int | None = None


class PeopleRow(Value, frozen=True):
    """What people settled on one thing: a mark 1..5 on a ``criterion``, or a preference between a and b.

    ``cluster``: the scenario family, which never straddles ``split``. ``pi``: its chance to be seen. ``passes``: the
    lowest mark that passes. ``replicated``: more than one person stands behind it. ``safety``: the criterion is about
    harm; ``flags``: what people raised. ``authors``: one for a mark, a's and b's for a preference. ``sound``: whether
    people passed a's and b's own answers, None where nobody marked them. ``probe``: ``refused`` where people judged the
    refusal too. ``slices``: field -> value, e.g. language. ``question``, ``outputs``: what was shown, one output for a mark,
    a and b for a preference; only who asks a judge needs them.
    """

    subject: str
    cluster: str
    criterion: str = ""
    mark: float | None = None
    preference: Preference | None = None
    probe: str = ""
    pi: float = 1.0
    split: Literal["calibration", "test", "regression"] = "test"
    passes: float = 4
    safety: bool = False
    replicated: bool = True
    flags: tuple[str, ...] = ()
    rubric: str = ""
    authors: tuple[Author, ...] = ()
    sound: tuple[bool | None, bool | None] = (None, None)
    slices: Mapping[str, str] = {}
    question: str = ""
    outputs: tuple[str, ...] = ()
