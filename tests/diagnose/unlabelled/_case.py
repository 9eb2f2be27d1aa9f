"""A written question with what each stage did to it, and the trace that would have been recorded.

Ten of each fault and twenty clean were written before the rules they judge, in other domains and words than the example's;
five of each and ten clean after the rules were frozen (``_all.LATER``). What was changed since is a defect, not a weight:
the user's own question is no basis of an answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from traceeval.model import Trace
from traceeval.testing import model, rerank, retrieval, trace

Style = Literal["system", "user", "plain"]
COMPONENTS = {
    "miss": "retriever",
    "ranked_out": "reranker",
    "truncated": "assembler",
    "ignored": "generator",
    "clean": None,
}


@dataclass(frozen=True, kw_only=True)
class Case:
    """``pool``, ``ranked``, ``sent``: document names, best first. ``cut``: characters that are left of a document.

    ``ranked`` None: there is no reranker.
    """

    kind: str
    question: str
    answer: str
    pool: str
    sent: str
    ranked: str | None = None
    cut: Mapping[str, int] = field(default_factory=dict)

    @property
    def component(self) -> str | None:
        """Who is to blame; None: nobody."""
        return COMPONENTS[self.kind]


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Documents, how this application writes them into the prompt, and the cases."""

    name: str
    style: Style
    documents: Mapping[str, str]
    cases: tuple[Case, ...]


def trace_of(desk: Desk, number: int) -> Trace:
    """The trace of one case, without any reference."""
    case = desk.cases[number]
    pool = _named(desk, case.pool)
    sent = [(doc, text[: case.cut.get(doc, len(text))]) for doc, text in _named(desk, case.sent)]
    spans = [retrieval(*pool, query=case.question)]
    if case.ranked is not None:
        spans.append(rerank(pool, _named(desk, case.ranked)))
    return trace(
        *spans,
        model(case.answer, prompt=_prompt(desk.style, sent, case.question)),
        id=f"{desk.name}-{number}-{case.kind}",
        question=case.question,
        answer=case.answer,
    )


def _named(desk: Desk, names: str) -> list[tuple[str, str]]:
    return [(name, desk.documents[name]) for name in names.split()]


def _prompt(style: Style, sent: list[tuple[str, str]], question: str) -> list[tuple[str, str]]:
    if style == "user":
        context = "\n\n".join(text for _, text in sent)
        words = f"Use the following context to answer.\n\nContext:\n{context}\n\nQuestion: {question}\nAnswer:"
        return [("system", "You answer questions briefly."), ("user", words)]
    parts = [f"[{name}] {text}" if style == "system" else text for name, text in sent]
    told = "You are a helpful assistant. Answer only from these documents.\n\n" + "\n---\n".join(parts)
    return [("system", told), ("user", question)]
