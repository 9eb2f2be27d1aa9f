"""The support desk: a LangGraph application with its own knowledge base, reranker, tools and a scripted model.

It is real code, instrumented as a user would do it; only the words of the model are scripted, so that it needs no key and
every run is the same. ``Switches`` break one part at a time.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, TypedDict

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.retrievers import BaseRetriever
from langchain_core.tools import BaseTool
from langgraph.graph import END, START, StateGraph
from langgraph.graph.message import add_messages
from openinference.instrumentation import OITracer
from openinference.semconv.trace import OpenInferenceSpanKindValues as Kinds
from opentelemetry import trace as otel
from rank_bm25 import BM25Okapi

HERE = Path(__file__).parent
POOL, KEPT, BUDGET = 8, 4, 2000
INSTRUCTIONS = "You are the support desk of Brightleaf appliances. Answer from the documents below and from your tools."
_WORD = re.compile(r"[a-z0-9]+")


def words(text: str) -> list[str]:
    """Lower-cased words, a plural s dropped."""
    return [word[:-1] if len(word) > 3 and word.endswith("s") else word for word in _WORD.findall(text.lower())]


def load_knowledge() -> list[Document]:
    """The knowledge base: one document a heading."""
    text = (HERE / "knowledge.md").read_text(encoding="utf-8")
    found = re.findall(r"^## (kb-\d+): (.*)\n((?:(?!^## ).*\n?)*)", text, flags=re.MULTILINE)
    return [
        Document(id=id_, page_content=body.strip(), metadata={"id": id_, "title": title}) for id_, title, body in found
    ]


@dataclass(frozen=True, kw_only=True)
class Switches:
    """Faults that can be switched on: each breaks exactly one part.

    ``hidden``: documents the index lost. ``buried``: documents the reranker puts last. ``demoted``: documents it puts last of
    those it keeps. ``budget``: characters of context the assembler allows. ``left_out``: documents the assembler forgets.
    """

    hidden: frozenset[str] = frozenset()
    buried: frozenset[str] = frozenset()
    demoted: frozenset[str] = frozenset()
    budget: int = BUDGET
    left_out: frozenset[str] = frozenset()


class KnowledgeRetriever(BaseRetriever):
    """BM25 over the knowledge base."""

    documents: list[Document]
    hidden: frozenset[str] = frozenset()
    k: int = POOL

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        kept = [document for document in self.documents if document.id not in self.hidden]
        index = BM25Okapi([words(f"{d.metadata['title']} {d.page_content}") for d in kept])
        scores = index.get_scores(words(query))
        order = sorted(range(len(kept)), key=lambda i: (-scores[i], kept[i].id or ""))[: self.k]
        return [
            Document(
                id=kept[i].id,
                page_content=kept[i].page_content,
                metadata={**kept[i].metadata, "score": round(float(scores[i]), 4)},
            )
            for i in order
        ]


def rerank(query: str, documents: Sequence[Document], switches: Switches, tracer: OITracer) -> list[Document]:
    """Order by how closely the words of the question stand together, and by the title; keep the best few."""
    with tracer.start_as_current_span("proximity_reranker", openinference_span_kind=Kinds.RERANKER) as span:
        wanted = set(words(query))
        scored = sorted(documents, key=lambda d: (d.id in switches.buried, -_closeness(wanted, d), d.id or ""))
        scored = sorted(scored[:KEPT], key=lambda d: d.id in switches.demoted)
        span.set_attribute("reranker.query", query)
        span.set_attribute("reranker.model_name", "proximity")
        span.set_attribute("reranker.top_k", KEPT)
        for side, listed in (("input", documents), ("output", scored)):
            for n, document in enumerate(listed):
                key = f"reranker.{side}_documents.{n}.document"
                span.set_attribute(f"{key}.id", document.id or "")
                span.set_attribute(f"{key}.content", document.page_content)
                span.set_attribute(f"{key}.score", float(_closeness(wanted, document)))
        return scored


def _closeness(wanted: set[str], document: Document) -> float:
    best = max((len(wanted & set(words(sentence))) for sentence in document.page_content.split(". ")), default=0)
    return best + 1.5 * len(wanted & set(words(document.metadata["title"])))


def assemble(documents: Sequence[Document], switches: Switches) -> str:
    """The context as it goes into the prompt: best first, cut at the budget."""
    left, parts = switches.budget, []
    for document in documents:
        if document.id in switches.left_out or left <= 0:
            continue
        text = document.page_content[:left]
        left -= len(text)
        parts.append(f"[{document.id}] {text}")
    return "\n\n".join(parts)


class ScriptedModel(BaseChatModel):
    """A chat model that says what its script says, one message a call."""

    script: list[AIMessage]
    place: list[int] = field(default_factory=lambda: [0])

    @property
    def _llm_type(self) -> str:
        return "scripted"

    @property
    def _identifying_params(self) -> dict[str, Any]:
        return {"model": "scripted-1"}

    def bind_tools(self, tools: Sequence[BaseTool], **kwargs: Any) -> Any:  # type: ignore[override]
        """Offer tools; the script knows which to call."""
        offered = [
            {
                "type": "function",
                "function": {"name": t.name, "description": t.description, "parameters": t.get_input_jsonschema()},
            }
            for t in tools
        ]
        return self.bind(tools=offered, **kwargs)

    def _generate(self, messages: list[Any], stop: Any = None, run_manager: Any = None, **kwargs: Any) -> ChatResult:
        message = self.script[self.place[0]]
        self.place[0] += 1
        used = sum(len(words(str(m.content))) for m in messages)
        said = AIMessage(
            content=message.content,
            tool_calls=message.tool_calls,
            id=f"msg-{self.place[0]}",
            usage_metadata={
                "input_tokens": used,
                "output_tokens": len(words(str(message.content))) + 8 * len(message.tool_calls),
                "total_tokens": used + len(words(str(message.content))) + 8 * len(message.tool_calls),
            },
        )
        return ChatResult(generations=[ChatGeneration(message=said)], llm_output={"model_name": "scripted-1"})


class State(TypedDict):
    """What the graph carries: the conversation, and the context of this turn."""

    messages: Annotated[list[AnyMessage], add_messages]
    context: str


@dataclass(kw_only=True)
class Desk:
    """One conversation with the desk."""

    script: list[AIMessage]
    tools: list[BaseTool]
    switches: Switches = field(default_factory=Switches)
    searches: bool = True
    instructions: str = INSTRUCTIONS

    def __post_init__(self) -> None:
        """Build the graph."""
        self.tracer = OITracer(otel.get_tracer("support_desk"), config=_config())
        self.retriever = KnowledgeRetriever(documents=load_knowledge(), hidden=self.switches.hidden)
        self.model = ScriptedModel(script=self.script, place=[0]).bind_tools(self.tools)
        self.by_name = {tool.name: tool for tool in self.tools}
        graph = StateGraph(State)
        graph.add_node("search", self._search)
        graph.add_node("agent", self._agent)
        graph.add_node("act", self._act)
        graph.add_edge(START, "search" if self.searches else "agent")
        if self.searches:
            graph.add_edge("search", "agent")
        graph.add_conditional_edges("agent", _next, {"act": "act", "end": END})
        graph.add_edge("act", "agent")
        self.graph = graph.compile()

    def talk(self, turns: Sequence[str]) -> str:
        """Every turn of the user through the graph, in one trace; the last words of the desk."""
        messages: list[AnyMessage] = []
        with self.tracer.start_as_current_span("support_desk", openinference_span_kind=Kinds.AGENT) as span:
            span.set_attribute("input.value", turns[0])
            for turn in turns:
                state = self.graph.invoke(
                    {"messages": [*messages, HumanMessage(turn, id=f"u{len(messages)}")], "context": ""}
                )
                messages = state["messages"]
            answer = str(messages[-1].content)
            span.set_attribute("output.value", answer)
        return answer

    def _search(self, state: State) -> dict[str, Any]:
        query = str(state["messages"][-1].content)
        found = rerank(query, self.retriever.invoke(query), self.switches, self.tracer)
        return {"context": assemble(found, self.switches)}

    def _agent(self, state: State) -> dict[str, Any]:
        context = f"\n\n{state['context']}" if state["context"] else ""
        return {"messages": [self.model.invoke([SystemMessage(self.instructions + context), *state["messages"]])]}

    def _act(self, state: State) -> dict[str, Any]:
        """Run the calls of the last message; a failing tool is reported to the model, as tool nodes do."""
        results = []
        for call in getattr(state["messages"][-1], "tool_calls", ()):
            try:
                content = str(self.by_name[call["name"]].invoke(call).content)
            except ToolFailure as error:
                content = f"Error: {error}"
            results.append(ToolMessage(content, tool_call_id=call["id"], name=call["name"], id=f"r-{call['id']}"))
        return {"messages": results}


class ToolFailure(RuntimeError):
    """A tool that could not do what it was asked."""


def _next(state: State) -> str:
    return "act" if getattr(state["messages"][-1], "tool_calls", None) else "end"


def _config() -> Any:
    from openinference.instrumentation import TraceConfig

    return TraceConfig()


def dumps(value: object) -> str:
    """A tool result as JSON."""
    return json.dumps(value, ensure_ascii=False)
