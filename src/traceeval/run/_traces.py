"""``traces.parquet``: one row a trace of what it was, how it went and what it took. By it runs are compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from itertools import islice
from typing import Any, NamedTuple

import msgspec

from traceeval.diagnose import outcome_state
from traceeval.graph import Dossier
from traceeval.measures.confidence import stated
from traceeval.model import Policy, Rerank, Retrieval, Span, ToolCall, Trace, Utterance, text_of
from traceeval.run._examine import Examined
from traceeval.run._fields import named_values
from traceeval.run._usage import component_of, price_of

MOST_STEPS, LONGEST, MOST_DOCUMENTS, TITLE = 500, 300, 10, 120
_ENCODER = msgspec.json.Encoder(order="deterministic")
_RIGHT = {"passed": True, "failed": False}


class TraceRow(NamedTuple):
    """The columns of one trace; None: not recorded, or not known. Of a trace by ``evaluate``, or of a trial by ``replay``.

    ``tools``: what was called, in order; ``documents``: what searches brought, ``MOST_DOCUMENTS`` each, None where no
    search recorded its hits; both at most ``MOST_STEPS``. ``fields``: ``name=value``. ``steps``: for people, see ``steps_of``.
    """

    trace: str
    scenario: str | None = None
    trial: str | None = None
    title: str | None = None
    inputs: str | None = None
    sha256: str | None = None
    right: bool | None = None
    stated: float | None = None
    stated_by: str | None = None
    level: float | None = None
    floor: int | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    cost: float | None = None
    seconds: float | None = None
    calls: int | None = None
    codes: Sequence[str] = ()
    fields: Sequence[str] = ()
    tools: Sequence[str] = ()
    documents: Sequence[str] | None = None
    steps: Sequence[str] = ()


def trace_row(examined: Examined, sha256: str, policy: Policy) -> TraceRow:
    """The row of a trace that was examined."""
    trace, dossier = examined.trace, examined.dossier
    spans = _spans(trace)
    said = stated(text_of(trace.answer) or "")
    return TraceRow(
        trace=trace.id,
        scenario=trace.scenario,
        trial=trace.trial,
        title=_title(trace),
        inputs=inputs_of(trace),
        sha256=sha256,
        right=_RIGHT.get(outcome_state(dossier)),
        stated=said.p if said else None,
        stated_by=said.by if said else None,
        level=examined.risk.level,
        floor=examined.risk.floor,
        tokens_in=_tokens(spans, "input"),
        tokens_out=_tokens(spans, "output"),
        cost=_cost(spans, policy),
        seconds=_seconds(spans),
        calls=sum(1 for span in spans if isinstance(span.body, ToolCall)),
        codes=sorted({finding.code for finding in dossier.findings if finding.state == "defect"}),
        fields=list(_fields(dossier)),
        **done_in(trace),
    )


def done_in(trace: Trace) -> dict[str, Any]:
    """``tools``, ``documents`` and ``steps`` of its row."""
    bodies = [span.body for span in _spans(trace)]
    found = [body.hits for body in bodies if isinstance(body, Retrieval) and body.hits is not None]
    return {
        "tools": [body.name for body in bodies if isinstance(body, ToolCall)][:MOST_STEPS],
        "documents": [hit.doc for hits in found for hit in hits[:MOST_DOCUMENTS]][:MOST_STEPS] if found else None,
        "steps": steps_of(trace),
    }


def called_tools(calls: Iterable[str]) -> tuple[str, ...]:
    """The different tools among ``tools`` of a row, sorted."""
    return tuple(sorted(set(calls)))


def as_batch(rows: Sequence[TraceRow]) -> Any:
    """Rows as a ``pyarrow.RecordBatch``."""
    import pyarrow as pa

    kinds = {
        "right": pa.bool_(),
        **dict.fromkeys(("floor", "tokens_in", "tokens_out", "calls"), pa.int64()),
        **dict.fromkeys(("stated", "level", "cost", "seconds"), pa.float64()),
        **dict.fromkeys(("codes", "fields", "tools", "documents", "steps"), pa.list_(pa.string())),
    }
    names = TraceRow._fields
    columns = list(zip(*rows, strict=True)) or [()] * len(names)
    arrays = [pa.array(column, type=kinds.get(name, pa.string())) for name, column in zip(names, columns, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, names=list(names))


def inputs_of(trace: Trace) -> str | None:
    """A digest of what people said to the application, turn by turn; None where no such word was recorded."""
    said = [text_of(span.body.text) for span in trace.spans if isinstance(span.body, Utterance)]
    words = [text for text in (text_of(trace.question), *said) if text]
    return blake2b("\x00".join(dict.fromkeys(words)).encode(), digest_size=16).hexdigest() if words else None


def _title(trace: Trace) -> str | None:
    """How people recognise it: the beginning of what was asked."""
    asked = text_of(trace.question)
    return asked[:TITLE] if asked else None


def _fields(dossier: Dossier) -> Iterator[str]:
    return (f"{name}={value}" for name, values in named_values(dossier) for value in values)


def _tokens(spans: Sequence[Span], side: str) -> int | None:
    told = [found for span in spans if span.usage is not None and (found := getattr(span.usage, side)) is not None]
    return sum(told) if told else None


def _cost(spans: Sequence[Span], policy: Policy) -> float | None:
    """None too when the price of any of it is not known: part of a cost compares with nothing."""
    prices = [price for span in spans if (price := price_of(span, policy)) is not None]
    known = [price for price in prices if not isinstance(price, str)]
    return sum(known) if prices and len(known) == len(prices) else None


def _seconds(spans: Sequence[Span]) -> float | None:
    """From the first start to the last end."""
    starts = [span.start for span in spans if span.start is not None]
    ends = [span.end for span in spans if span.end is not None]
    return max(0.0, max(ends) - min(starts)) if starts and ends else None


def steps_of(trace: Trace) -> list[str]:
    """What the application did, one line a search, reranking or call, in order: where two runs part is seen in these."""
    return list(islice(_steps(_spans(trace)), MOST_STEPS))


def _spans(trace: Trace) -> list[Span]:
    """What the application did, in order."""
    return sorted((span for span in trace.spans if not span.plumbing), key=lambda span: span.seq)


def _steps(spans: Sequence[Span]) -> Iterator[str]:
    for span in spans:
        told = _step(span)
        if told is not None:
            yield _short(f"{told} -> {_failure(span)}" if span.error is not None else told)


def _step(span: Span) -> str | None:
    body = span.body
    if isinstance(body, ToolCall):
        arguments = body.raw if body.arguments is None and body.raw is not None else _json(body.arguments)
        return f"{body.name}({arguments})"
    if isinstance(body, Retrieval):
        return f"{component_of(span) or 'retriever'}: {_documents(body.hits)}"
    if isinstance(body, Rerank):
        return f"reranker: {_documents(body.after)}"
    return None


def _failure(span: Span) -> str:
    return f"error {(span.error and span.error.type) or ''}".rstrip()


def _documents(hits: Any) -> str:
    return "not recorded" if hits is None else ", ".join(hit.doc for hit in hits[:MOST_DOCUMENTS]) or "nothing"


def _json(arguments: Any) -> str:
    return _ENCODER.encode(arguments).decode()


def _short(text: str) -> str:
    """A long line keeps a digest of all of it, so that lines are equal only where what they tell is."""
    if len(text) <= LONGEST:
        return text
    return f"{text[:LONGEST]}… {blake2b(text.encode('utf-8', 'surrogatepass'), digest_size=8).hexdigest()}"
