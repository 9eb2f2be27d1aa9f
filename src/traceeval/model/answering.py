"""Where answers take their facts from: places in the prompt, memory, and what happens when the context is taken away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from traceeval.model._value import Value
from traceeval.model.score import Rate

Instead: TypeAlias = Literal["no_context", "irrelevant_context", "contradicting_context"]
"""What the prompt held where a right fact of the answer should have stood."""


class Replay(Value, frozen=True):
    """The question asked once more, without some passages: ``dropped`` their ids, all of the context where empty.

    ``unchanged``: the answer says the same as before. ``failed``: the replayer raised, or gave no text. ``skipped``: the
    budget was spent. ``why`` is ``"code: text"`` for the last two. ``answer`` None: there is none.
    """

    status: Literal["unchanged", "changed", "failed", "skipped"]
    dropped: tuple[str, ...] = ()
    why: str = ""
    answer: str | None = None


class Replays(Value, frozen=True):
    """Everything that was asked again about one trace. ``closed``: without any context; ``chunks``: without one each.

    ``closed`` None: there was no context to take away. ``unused``: passages without which the answer stays the same.
    """

    trace: str
    closed: Replay | None = None
    chunks: tuple[Replay, ...] = ()
    unused: tuple[str, ...] = ()


class ReplayTotals(Value, frozen=True):
    """Replays of a run. ``calls``: made; ``failed``, ``skipped``: without a result.

    ``from_memory``: share of traces whose answer is the same without any context; ``unused``: share of the passages the
    answer seemed to rest on without which it stays the same, with traces as clusters.
    """

    calls: int
    failed: int
    skipped: int
    from_memory: Rate
    unused: Rate
    examples: tuple[str, ...] = ()


class FallbackRow(Value, frozen=True):
    """One kind of fallback: ``facts`` that were right and stood nowhere in the prompt, in ``traces``.

    ``share``: of the traces that state a right fact. ``confirmed``: facts stated again without the context.
    """

    kind: Instead
    facts: int
    traces: int
    share: Rate
    confirmed: int = 0
    examples: tuple[str, ...] = ()


class PositionRow(Value, frozen=True):
    """Gold facts that stand in one third of the context: the share of them the answer uses.

    ``used`` counts facts; its interval takes the ``traces`` they stand in as clusters.
    """

    third: Literal["first", "middle", "last"]
    used: Rate
    traces: int


class PositionCurve(Value, frozen=True):
    """Use of gold facts by where they stand (Liu et al., 2024: lost in the middle).

    Left out are facts that stand in ``several`` thirds, and those of contexts too ``short`` to have thirds.
    """

    rows: tuple[PositionRow, ...]
    left_out: Mapping[str, int] = {}
