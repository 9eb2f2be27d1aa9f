"""Planted maskings, each in words and a shape of its own, and for each a clean twin.

A case is one conversation. ``gold``: the document that should have been found. ``given``: what the prompt holds.
``twin``: what a pipeline without the fault would have put there. Nothing else differs between a case and its twin.
"""

from dataclasses import dataclass, field

from traceeval.model import Reference, Trace
from traceeval.testing import call, model, rerank, retrieval, trace, user


@dataclass(frozen=True, kw_only=True)
class Case:
    """``said``: the user's words, the question where empty. ``tools`` run after the search, in order."""

    id: str
    question: str
    answer: str
    gold: tuple[str, str]
    right: tuple[str, ...] = ()
    claims: tuple[str, ...] | None = None
    given: tuple[tuple[str, str], ...] = ()
    said: str = ""
    tools: tuple[tuple[str, dict, str], ...] = ()
    calls: tuple | None = None
    reranked: bool = False
    twin_answer: str = ""
    component: str = "retriever"
    compensator: str | None = None
    instead: str | None = None
    twin_tools: tuple[tuple[str, dict, str], ...] | None = field(default=None)

    def planted(self) -> Trace:
        """The conversation with its fault."""
        return self._trace(self.given, self.answer, self.said or self.question, self.tools, self.id)

    def twin(self) -> Trace:
        """The same without it: the gold document is found and used."""
        given = (self.gold, *(one for one in self.given if one[0] != self.gold[0]))
        tools = self.tools if self.twin_tools is None else self.twin_tools
        return self._trace(given, self.twin_answer or self.answer, self.question, tools, f"{self.id}-clean")

    def _trace(self, given, answer, said, tools, id_) -> Trace:
        found = rerank(given[::-1], given) if self.reranked else None
        prompt = "Use the notes.\n" + "\n".join(f"[{doc}] {text}" for doc, text in given)
        messages = [("system", prompt), ("user", said)]
        spans = [user(said), retrieval(*given, query=self.question), *([found] if found else [])]
        spans += [call(name, arguments, result) for name, arguments, result in tools]
        reference = Reference(
            documents={self.gold[0]: 1}, answer=self.right or None, claims=self.claims, calls=self.calls
        )
        return trace(
            *spans,
            model(answer, prompt=messages),
            id=id_,
            question=self.question,
            answer=answer,
            reference=reference,
        )
