"""What a scorer may see: one retrieval, the stages between pool and prompt, one answer, the calls of a trajectory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from traceeval.graph._call import Call
from traceeval.graph._judgements import Judgements
from traceeval.graph._tools import ToolBook
from traceeval.graph.views._reach import Reach, reach_of
from traceeval.model import Hit, Json, Passage, Reference, Replays, ToolOffer


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrievalView:
    """First-stage retrieval of one trace against its graded documents.

    ``hits``: best first, ranks 1.. (score order for TREC, recorded rank otherwise). Of several searches what merged
    them counts; where nothing did they are taken in turn, rank by rank, and ``span`` is None. None: hits were not
    recorded. ``docs``: the hits as names of what they match, duplicates kept: document ids, or ``kb-9[120:260]`` where
    a part of a document was judged. ``qrels``: name -> grade, without documents that are in no index; None: no
    reference. ``turns``: every hit as it was listed, repeated ones of several searches too. ``note``: what every score
    of this view says in its ``why``. ``memo`` remembers what scores share.
    """

    __view__: ClassVar[bool] = True

    trace: str
    span: str | None
    hits: tuple[Hit, ...] | None
    docs: tuple[str, ...]
    qrels: Mapping[str, int] | None
    rel_level: int = 1
    searches: int = 1
    places: tuple[int, ...] | None = None
    turns: tuple[Hit, ...] = ()
    note: str = ""
    memo: dict[object, object] = field(default_factory=dict, compare=False)

    def depth(self, k: int) -> int:
        """How many of ``docs`` the first ``k`` hits are: more than ``k`` when one of them matches several judgements."""
        if self.places is None or not self.places:
            return k
        return self.places[min(k, len(self.places)) - 1] if k > 0 else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """One first-stage search and what it found, as names of judgements.

    ``unfiltered``: what it found before its filter, None: no filter, or not recorded. ``probe``: it was recorded beside
    the search that was used, to see what another query, or no filter, finds; None: its list was used.
    """

    span: str
    retriever: str
    docs: tuple[str, ...]
    query: str | None = None
    unfiltered: tuple[str, ...] | None = None
    probe: Literal["query", "filter"] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StagesView:
    """Pool -> reranked list -> prompt of one trace (metrics.md section 3). Each is a tuple of names, as ``qrels`` has them.

    ``pool``: what the searches handed on, first-stage order. ``ranked``: after reranking, None without a rerank span.
    ``packed``: what is in the prompt in prompt order, None when the prompt was not recorded; ``cut``: those of it that
    are not whole. ``searches``: every search, ``fusions``: spans that merged or cut their lists. ``absent``: judgements
    of documents in no index, None: nobody said. ``memo`` remembers what scores and findings share.
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
    searches: tuple[Search, ...] = ()
    fusions: tuple[str, ...] = ()
    absent: frozenset[str] | None = None
    judged: Judgements = field(default_factory=lambda: Judgements(None), compare=False)
    note: str = ""
    memo: dict[object, object] = field(default_factory=dict, compare=False)

    @property
    def used(self) -> tuple[Search, ...]:
        """The searches whose lists were used."""
        return tuple(search for search in self.searches if search.probe is None)

    @property
    def reach(self) -> Reach:
        """How far each judged document came on its way into the pool."""
        found = self.memo.get("reach")
        if not isinstance(found, Reach):
            found = self.memo["reach"] = reach_of(self)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerView:
    """One answer with the passages that were in the prompt actually sent.

    ``passages`` None: the prompt was not recorded; empty: it held none. ``complete`` False: a passage or the prompt is
    cut or redacted, named in ``gap``. ``answer`` None: no answer was recorded. ``system``: which build wrote it.
    ``asked``: what the user last said before it, where they said more than the question; else None.
    ``searched``: a retrieval recorded what it found, so the rest of the prompt is no context. ``replays``: what was
    asked again without some passages; None: no replayer is attached. ``memo`` remembers what scores and findings share.
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
    asked: str | None = None
    searched: bool = False
    replays: Replays | None = None
    memo: dict[object, object] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallsView:
    """The calls of one trajectory, the expected ones, and what is known of the tools.

    ``state``: the environment afterwards; None: not recorded.
    ``matches`` remembers what was matched: scores and findings of one trajectory share it.
    """

    __view__: ClassVar[bool] = True

    trace: str
    calls: tuple[Call, ...]
    reference: Reference | None
    book: ToolBook
    offered: Mapping[str, ToolOffer] | None = None
    state: Json = None
    matches: dict[object, object] = field(default_factory=dict, compare=False)
