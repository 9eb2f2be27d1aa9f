"""Generated native traces for the speed benchmark: published with it, so that anybody can repeat the figure.

Each trace: 12 spans (agent, guard, retrieval of 5 short chunks, rerank, two model calls with a prompt, four tool calls,
a user turn, plumbing), 1-2 claims in the answer, gold for every third trace.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

import msgspec

from traceeval.model import (
    Generation,
    Hit,
    Kind,
    Message,
    Origin,
    Reference,
    Rerank,
    Retrieval,
    Span,
    ToolCall,
    ToolRequest,
    Trace,
    Usage,
    Utterance,
)

_TOPICS = ("refund", "delivery", "warranty", "invoice", "account", "discount", "return", "repair", "exchange", "order")
_PLACES = ("Oslo", "Lyon", "Porto", "Turin", "Ghent", "Malmo", "Graz", "Brno")


def make_traces(count: int, *, seed: int = 0) -> Iterator[Trace]:
    """``count`` different traces; the same seed gives the same bytes."""
    rng = random.Random(seed)
    return (_trace(rng, number) for number in range(count))


def _chunks(rng: random.Random, topic: str) -> list[Hit]:
    texts = [
        f"A {topic} in {rng.choice(_PLACES)} takes {rng.randint(2, 30)} days and costs {rng.randint(5, 900)} euros."
        for _ in range(5)
    ]
    return [
        Hit(doc=f"kb-{rng.randint(1, 5000)}", rank=rank, score=1 - rank / 10, text=text)
        for rank, text in enumerate(texts, 1)
    ]


def _trace(rng: random.Random, number: int) -> Trace:
    topic = rng.choice(_TOPICS)
    hits = _chunks(rng, topic)
    order = rng.sample(hits, 5)[:3]
    kept = [msgspec.structs.replace(hit, rank=rank) for rank, hit in enumerate(order, 1)]
    question = f"How long does a {topic} take, order {number}?"
    answer = str(kept[0].text) + (f" {kept[1].text}" if rng.random() < 0.5 else "")
    prompt = (
        Message(role="system", content="Answer from the context.\n" + "\n".join(f"[{h.doc}] {h.text}" for h in kept)),
        Message(role="user", content=question),
    )
    spans = _spans(rng, number, question, hits, kept, prompt, answer)
    reference = Reference(documents={kept[0].doc: 1}, answer=(str(kept[0].text),)) if number % 3 == 0 else None
    return Trace(
        id=f"bench-{number:07d}",
        schema_version="traceeval/1",
        spans=tuple(spans),
        question=question,
        answer=answer,
        reference=reference,
        origin=Origin(format="native", uri="generated"),
    )


def _spans(
    rng: random.Random,
    number: int,
    question: str,
    hits: list[Hit],
    kept: list[Hit],
    prompt: tuple[Message, ...],
    answer: str,
) -> list[Span]:
    order = f"ORD-{number:07d}"
    names = ("get_order", "get_customer", "list_shipments", "get_invoice")
    requests = tuple(
        ToolRequest(name=name, id=f"c{i}", arguments={"order_id": order, "page": i}) for i, name in enumerate(names)
    )
    bodies: list[tuple[Kind, str, object]] = [
        (Kind.AGENT, "agent", None),
        (Kind.HUMAN, "user", Utterance(text=f"{question} It is {order}.")),
        (Kind.GUARD, "input_guard", None),
        (Kind.RETRIEVAL, "search", Retrieval(query=question, hits=tuple(hits))),
        (Kind.RERANK, "rerank", Rerank(query=question, before=tuple(hits), after=tuple(kept))),
        (
            Kind.MODEL,
            "plan",
            Generation(
                model="m-1", messages=prompt, output=Message(role="assistant", content=None, tool_calls=requests)
            ),
        ),
        *(
            (
                Kind.TOOL,
                r.name,
                ToolCall(
                    name=r.name,
                    arguments=r.arguments,
                    call_id=r.id,
                    result=f'{{"order_id": "{order}", "total": {rng.randint(10, 999)}, "status": "shipped"}}',
                ),
            )
            for r in requests
        ),
        (Kind.OTHER, "RunnableSequence", None),
        (
            Kind.MODEL,
            "answer",
            Generation(model="m-1", messages=prompt, output=Message(role="assistant", content=answer)),
        ),
    ]
    return [
        Span(
            id=f"s{seq}",
            parent=None if seq == 0 else "s0",
            kind=kind,
            name=name,
            body=body,  # type: ignore[arg-type]
            start=1.79e9 + number + seq / 10,
            end=1.79e9 + number + seq / 10 + 0.05,
            seq=seq,
            plumbing=name == "RunnableSequence",
            usage=Usage(input=400, output=40, cost=0.0002) if kind is Kind.MODEL else None,
        )
        for seq, (kind, name, body) in enumerate(bodies)
    ]
