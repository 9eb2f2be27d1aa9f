"""What a scorer may see: one retrieval, the stages between pool and prompt, one answer, the calls of a trajectory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from traceeval.graph._call import Call
from traceeval.graph._tools import ToolBook
from traceeval.model import Hit, Passage, Reference, ToolOffer


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrievalView:
    """First-stage retrieval of one trace against its graded documents.

    ``hits``: best first, ranks 1.. (score order for TREC, recorded rank otherwise); several searches are merged
    round-robin by rank, then ``span`` is None. None: hits were not recorded. ``qrels`` None: no reference.
    """

    __view__: ClassVar[bool] = True

    trace: str
    span: str | None
    hits: tuple[Hit, ...] | None
    qrels: Mapping[str, int] | None
    rel_level: int = 1
    searches: int = 1

    @property
    def docs(self) -> tuple[str, ...]:
        """Document ids, best first, duplicates kept."""
        return tuple(hit.doc for hit in self.hits or ())


@dataclass(frozen=True, slots=True, kw_only=True)
class StagesView:
    """Pool -> reranked list -> prompt of one trace (metrics.md section 3). Each is a tuple of document ids.

    ``pool``: first-stage order. ``ranked``: after reranking, None without a rerank span. ``packed``: documents in the
    prompt in prompt order, None when the prompt was not recorded; ``cut``: those of them that are not whole.
    """

    __view__: ClassVar[bool] = True

    trace: str
    span: str | None
    pool: tuple[str, ...] | None
    ranked: tuple[str, ...] | None
    packed: tuple[str, ...] | None
    qrels: Mapping[str, int] | None
    rel_level: int = 1
    packed_basis: str = "observed"
    tokens: Mapping[str, int] | None = None
    rerank_span: str | None = None
    cut: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerView:
    """One answer with the passages that were in the prompt actually sent.

    ``passages`` None: the prompt was not recorded; empty: it held none. ``complete`` False: a passage or the prompt is
    cut or redacted, named in ``gap``. ``answer`` None: no answer was recorded. ``system``: which build wrote it.
    """

    __view__: ClassVar[bool] = True

    trace: str
    span: str | None
    question: str | None
    answer: str | None
    passages: tuple[Passage, ...] | None
    reference: Reference | None
    complete: bool = True
    gap: str | None = None
    system: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallsView:
    """The calls of one trajectory, the expected ones, and what is known of the tools.

    ``matches`` remembers what was matched: scores and findings of one trajectory share it.
    """

    __view__: ClassVar[bool] = True

    trace: str
    calls: tuple[Call, ...]
    reference: Reference | None
    book: ToolBook
    offered: Mapping[str, ToolOffer] | None = None
    matches: dict[object, object] = field(default_factory=dict, compare=False)
