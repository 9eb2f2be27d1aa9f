"""What was recorded: a Trace and its Spans. Graphs are derived from it, never stored as truth.

Native form: one JSON object a line, ``schema_version`` ``traceeval/1`` (``traceeval schema trace``).
``None`` means "not recorded"; an empty tuple means "recorded: there was nothing".
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, Literal, TypeAlias

import msgspec

from traceeval.model._value import Json, Value
from traceeval.model.reference import Reference

SCHEMA_VERSION: Final = "traceeval/1"


class Component(StrEnum):
    """Who can be to blame."""

    RETRIEVER = "retriever"
    RERANKER = "reranker"
    ASSEMBLER = "assembler"
    GENERATOR = "generator"
    TOOL = "tool"
    PLANNER = "planner"
    GUARD = "guard"


class Kind(StrEnum):
    """What a span is."""

    AGENT = "agent"
    MODEL = "model"
    RETRIEVAL = "retrieval"
    RERANK = "rerank"
    TOOL = "tool"
    GUARD = "guard"
    HUMAN = "human"
    PLAN = "plan"
    EMBED = "embed"
    MEMORY = "memory"
    OTHER = "other"


class Basis(StrEnum):
    """How we know: recorded, concluded by us, stated by a user's annotation or reference, or shown by asking again."""

    OBSERVED = "observed"
    INFERRED = "inferred"
    DECLARED = "declared"
    COUNTERFACTUAL = "counterfactual"


class Partial(Value, frozen=True, tag="partial", tag_field="state_of"):
    """Text that is not whole. ``value`` is what is left of it, None when nothing is."""

    state: Literal["cut", "redacted"]
    value: str | None = None
    sha256: str | None = None


Content: TypeAlias = str | Partial | None
"""A text and its completeness: ``str`` is whole, ``Partial`` is cut or redacted, None was not recorded."""


def text_of(content: Content) -> str | None:
    """What can be read of a text, whole or not; None when nothing was recorded."""
    return content.value if isinstance(content, Partial) else content


def is_whole(content: Content) -> bool:
    """True when the text was recorded completely, so a scorer may rest on it."""
    return isinstance(content, str)


class Hit(Value, frozen=True):
    """One retrieved document. ``rank`` counts from 1; ``score`` is in the retriever's own scale.

    ``offsets``: which characters of the document this is, end exclusive; None: all of it, or not recorded.
    """

    doc: str
    rank: int
    score: float | None = None
    text: Content = None
    chunk: str | None = None
    offsets: tuple[int, int] | None = None
    id_basis: Literal["native", "output", "metadata", "content"] = "native"
    score_kind: Literal["similarity", "distance", "relevance", "unknown"] = "unknown"
    metadata: Mapping[str, Json] | None = None


class ToolRequest(Value, frozen=True):
    """A call a model asked for. ``arguments`` is None when ``raw`` did not parse or nothing was recorded."""

    name: str
    id: str | None = None
    arguments: Json = None
    raw: str | None = None


class Message(Value, frozen=True):
    """One chat message. ``role`` is system, user, assistant or tool; tool results carry the id of their call."""

    role: str
    content: Content = None
    tool_calls: tuple[ToolRequest, ...] = ()
    tool_call_id: str | None = None
    name: str | None = None
    reasoning: Content = None


class ToolOffer(Value, frozen=True):
    """A tool as it was offered to the model. ``parameters`` is its JSON Schema."""

    name: str
    description: str | None = None
    parameters: Mapping[str, Json] | None = None
    hints: Mapping[str, Json] | None = None


class Retrieval(Value, frozen=True, tag="retrieval", tag_field="type"):
    """A first-stage search, or what merged several: then the span ``reads`` them or encloses them.

    ``hits`` None: not recorded; empty: nothing was found. ``source`` names the index or retriever. ``filter``: the
    condition documents had to meet, in the retriever's own words; ``unfiltered``: what the search found before it.
    """

    query: Content = None
    hits: tuple[Hit, ...] | None = None
    source: str | None = None
    top_k: int | None = None
    filter: Json = None
    unfiltered: tuple[Hit, ...] | None = None


class Rerank(Value, frozen=True, tag="rerank", tag_field="type"):
    """A reordering of a pool. ``before`` is what went in, ``after`` what came out."""

    query: Content = None
    model: str | None = None
    before: tuple[Hit, ...] | None = None
    after: tuple[Hit, ...] | None = None
    top_k: int | None = None


class Generation(Value, frozen=True, tag="generation", tag_field="type"):
    """One model call: the whole prompt it read and the message it wrote. None: content was not recorded."""

    model: str | None = None
    messages: tuple[Message, ...] | None = None
    output: Message | None = None
    tools: tuple[ToolOffer, ...] | None = None
    finish: str | None = None


class ToolCall(Value, frozen=True, tag="tool_call", tag_field="type"):
    """One executed call. ``arguments`` None with ``raw`` set: they did not parse."""

    name: str
    arguments: Json = None
    raw: str | None = None
    result: Content = None
    call_id: str | None = None
    requested_by: str | None = None
    link: Basis = Basis.OBSERVED
    description: str | None = None
    parameters: Mapping[str, Json] | None = None


class Utterance(Value, frozen=True, tag="utterance", tag_field="type"):
    """What a person said: the body of a HUMAN span."""

    text: Content = None


Body: TypeAlias = Retrieval | Rerank | Generation | ToolCall | Utterance


class Fault(Value, frozen=True):
    """An error. ``swallowed``: the framework turned it into an ordinary message; ``redacted``: its text is gone."""

    type: str | None = None
    message: str | None = None
    swallowed: bool = False
    redacted: bool = False


class Usage(Value, frozen=True):
    """Tokens and money of one model call; None is unknown, never 0. ``cost`` is in ``currency`` units."""

    input: int | None = None
    output: int | None = None
    cache_read: int | None = None
    cache_write: int | None = None
    reasoning: int | None = None
    cost: float | None = None
    currency: str = "USD"


class Span(Value, frozen=True):
    """One recorded operation. Times are seconds, UTC epoch; order is ``seq``, never time.

    ``reads`` names spans whose output this one consumed, only where that was recorded.
    ``plumbing`` spans belong to a framework: kept, collapsed in the graph, never scored.
    """

    id: str
    kind: Kind
    name: str = ""
    parent: str | None = None
    start: float | None = None
    end: float | None = None
    body: Body | None = None
    reads: tuple[str, ...] = ()
    error: Fault | None = None
    attributes: Mapping[str, Json] = msgspec.field(default_factory=dict)
    seq: int = 0
    agent: str | None = None
    usage: Usage | None = None
    plumbing: bool = False
    basis: Basis = Basis.OBSERVED
    path: str | None = None


class System(Value, frozen=True):
    """Which build of the application was traced."""

    app: str | None = None
    release: str | None = None
    model: str | None = None
    prompt: str | None = None
    index: str | None = None

    @property
    def label(self) -> str | None:
        """Application, release and model in one line, as far as they were recorded; None when none was."""
        return " ".join(part for part in (self.app, self.release, self.model) if part) or None


class Origin(Value, frozen=True):
    """Where a Trace came from: the adapter, the file, the record in it, and the digest of that record's bytes."""

    format: str
    uri: str
    record: str | None = None
    sha256: str | None = None
    dialect: str | None = None


class Diagnostic(Value, frozen=True):
    """Something a reader had to repair, guess or leave out. ``code`` is one of formats.md section 5.6."""

    code: str
    level: Literal["info", "warn", "error"]
    text: str
    where: str | None = None
    span: str | None = None
    path: str | None = None


class Imported(Value, frozen=True):
    """A score somebody else recorded: shown beside ours, never a trajectory."""

    name: str
    value: float | None = None
    label: str | None = None
    explanation: str | None = None
    trace: str | None = None
    span: str | None = None
    by: str | None = None


class Trace(Value, frozen=True):
    """One run of the application, as recorded. ``reference`` None: unknown, never "empty".

    ``state``: what the environment looked like afterwards, as JSON; None: not recorded.
    ``metadata`` and ``tags``: what the application said about the whole run (tenant, channel, experiment); data to slice
    by, never read by a scorer, and no part of the canonical hash.
    """

    id: str
    spans: tuple[Span, ...]
    schema_version: Literal["traceeval/1"]
    question: Content = None
    answer: Content = None
    state: Json = None
    reference: Reference | None = None
    origin: Origin | None = None
    session: str | None = None
    turn: int | None = None
    trial: str | None = None
    scenario: str | None = None
    system: System | None = None
    diagnostics: tuple[Diagnostic, ...] = ()
    imported: tuple[Imported, ...] = ()
    metadata: Mapping[str, Json] | None = None
    tags: tuple[str, ...] | None = None
