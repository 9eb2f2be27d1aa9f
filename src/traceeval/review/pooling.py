"""What experts grade, out of traces: every search is a ranking, its question is known by id, its documents by their text."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import chain, islice

from traceeval.errors import Refused
from traceeval.model import Hit, Rerank, Retrieval, Trace, text_of
from traceeval.review.relevance import Pooled, pool

_HEX = 12


@dataclass(frozen=True, slots=True)
class Searched:
    """A pool with the texts it can be shown by; ``questions`` and ``documents``: id -> text.

    By question, as its traces state it: ``tags``, the speciality it takes, the first that is stated; ``warnings``, the
    categories of content people opt out of, all.
    """

    pooled: tuple[Pooled, ...]
    questions: Mapping[str, str]
    documents: Mapping[str, str]
    tags: Mapping[str, str]
    warnings: Mapping[str, tuple[str, ...]]


@dataclass(slots=True)
class _Asked:
    """What is known of questions, by id."""

    texts: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    warnings: dict[str, tuple[str, ...]] = field(default_factory=dict)


def searched(
    runs: Mapping[str, Callable[[], Iterable[Trace]]],
    questions: Mapping[str, str],
    documents: Iterable[tuple[str, str]],
    depth: int = 10,
    *,
    tag: Callable[[Trace], str | None] = lambda trace: None,
    warnings: Callable[[Trace], tuple[str, ...]] = lambda trace: (),
) -> Searched:
    """Pool the first ``depth`` documents of every search of every run: name -> its traces, as often as they are asked for.

    A question's id is its scenario, else a digest of its text, else the id of the trace (the topic of a TREC run).
    ``questions`` and ``documents``: texts by id, which win over those the traces hold. Texts are held of what is pooled.

    Raises:
        Refused: no trace holds a search, or a question or a document has no text anywhere.
    """
    rankings, asked = _rankings(runs, depth, tag, warnings)
    pooled = pool(rankings, depth)
    if not pooled:
        raise Refused("no trace holds a search with its documents; name traces with retrievals, or TREC runs")
    wanted = {one.doc for one in pooled}
    given = {doc: text for doc, text in documents if doc in wanted and text}
    texts = _texts(runs, wanted - given.keys())
    asked_texts = {**asked.texts, **questions}
    found = Searched(tuple(pooled), asked_texts, {**texts, **given}, asked.tags, asked.warnings)
    _require_texts(found)
    return found


def _rankings(
    runs: Mapping[str, Callable[[], Iterable[Trace]]],
    depth: int,
    tag: Callable[[Trace], str | None],
    warnings: Callable[[Trace], tuple[str, ...]],
) -> tuple[Mapping[str, Mapping[str, Sequence[str]]], _Asked]:
    """(search -> question -> its first documents, what is known of the questions)."""
    rankings: defaultdict[str, dict[str, Sequence[str]]] = defaultdict(dict)
    asked = _Asked()
    for run, traces in runs.items():
        for trace in traces():
            question = question_id(trace)
            asked.texts[question] = asked.texts.get(question) or text_of(trace.question) or ""
            if stated := tag(trace):
                asked.tags.setdefault(question, stated)
            if warned := warnings(trace):
                asked.warnings[question] = tuple(dict.fromkeys((*asked.warnings.get(question, ()), *warned)))
            for name, hits in _searches(run, trace):
                rankings[name][question] = tuple(islice(dict.fromkeys(hit.doc for hit in hits), depth))
    return rankings, asked


def _texts(runs: Mapping[str, Callable[[], Iterable[Trace]]], wanted: Set[str]) -> dict[str, str]:
    """The first text of each of these documents, from whichever run holds one; read no further than needed."""
    found = dict[str, str]()
    traces = chain.from_iterable(source() for source in runs.values())
    while len(found) < len(wanted) and (trace := next(traces, None)) is not None:
        for _, hits in _searches("", trace):
            for hit in hits:
                if hit.doc in wanted and (text := text_of(hit.text)):
                    found.setdefault(hit.doc, text)
    return found


def question_id(trace: Trace) -> str:
    """What a question is called in qrels: no white space in it."""
    text = " ".join((text_of(trace.question) or "").split())
    named = trace.scenario or (f"q-{sha256(text.encode()).hexdigest()[:_HEX]}" if text else trace.id)
    return "_".join(named.split())


def _searches(run: str, trace: Trace) -> Iterator[tuple[str, Sequence[Hit]]]:
    """Every list of documents, as the ranking of a run of its own: the second search of a kind is another run."""
    seen: Counter[str] = Counter()
    for span in trace.spans:
        body = span.body
        hits = body.hits if isinstance(body, Retrieval) else body.after if isinstance(body, Rerank) else None
        if hits:
            kind = span.kind.value
            seen[kind] += 1
            yield f"{run}/{kind} {seen[kind]}", sorted(hits, key=lambda hit: hit.rank)


def _require_texts(found: Searched) -> None:
    for kind, known, ids in (
        ("question", found.questions, [one.question for one in found.pooled]),
        ("document", found.documents, [one.doc for one in found.pooled]),
    ):
        bare = [one for one in dict.fromkeys(ids) if not known.get(one)]
        if bare:
            raise Refused(
                f"{len(bare)} of {len(set(ids))} {kind}s have no text, {bare[0]!r} first: nobody can grade what they cannot "
                f"read; give --{kind}s FILE"
            )
