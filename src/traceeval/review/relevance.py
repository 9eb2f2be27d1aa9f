"""Gold made with experts: documents pooled from several rankings, graded for relevance; and what a right answer says.

One item is one document for one question, drawn with a known probability, so that what was judged speaks for the whole
pool. A mark of 1..5 is a grade of 0..4. Experts may add, with any document, the answer to the question and its claims.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from hashlib import sha256
from importlib.resources import files
from math import fsum

import msgspec
from sqlalchemy import Connection, Row, insert, select

from traceeval.errors import Refused
from traceeval.model import GoldRow, Hit, Kind, Retrieval, Rubric, Span, Trace, text_of, trace_hash
from traceeval.review import schema
from traceeval.review._rows import queue_row, traces_of
from traceeval.review._words import words
from traceeval.review.ledger import digest
from traceeval.review.select import Unit, enqueue
from traceeval.review.settle import counted
from traceeval.review.store import Store

CRITERION = "relevance"
LOWEST = 1
POOLED = "pooled document"
"""What the one span of a pooled document is called."""


@dataclass(frozen=True, slots=True)
class Pooled:
    """A document some run ranked for a question. ``depth``: its best rank, from 1; ``runs``: those that ranked it."""

    question: str
    doc: str
    depth: int
    runs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """A pooled document as far as it went. ``grade`` 0..4, None: not drawn, or not settled; ``pi``: its chance to be drawn."""

    question: str
    doc: str
    depth: int
    runs: tuple[str, ...]
    pi: float
    drawn: bool
    grade: int | None


@dataclass(frozen=True, slots=True)
class References:
    """What experts wrote of a question, in the order of a digest: answers, any of which is right, and claims."""

    answers: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()


@dataclass(slots=True)
class _Seen:
    depth: int
    runs: list[str] = field(default_factory=list)


@cache
def relevance_rubric() -> Rubric:
    """One criterion: how far a document helps to answer the question."""
    return msgspec.json.decode((files("traceeval.review") / "data" / "relevance.json").read_bytes(), type=Rubric)


def pool(runs: Mapping[str, Mapping[str, Sequence[str]]], depth: int = 10) -> list[Pooled]:
    """The union of the first ``depth`` documents of every run: name -> question -> documents, best first.

    Source: Sparck Jones & van Rijsbergen (1975), pooling; Voorhees & Harman (2005), TREC, ch. 3.
    """
    seen: dict[tuple[str, str], _Seen] = {}
    for run, rankings in sorted(runs.items()):
        for question, docs in rankings.items():
            for rank, doc in enumerate(docs[:depth], 1):
                known = seen.setdefault((question, doc), _Seen(rank))
                known.depth = min(known.depth, rank)
                known.runs.append(run)
    return [Pooled(question, doc, one.depth, tuple(one.runs)) for (question, doc), one in sorted(seen.items())]


def enqueue_pool(
    store: Store,
    queue: str,
    pooled: Iterable[Pooled],
    *,
    questions: Mapping[str, str],
    documents: Mapping[str, str],
    share: float | Mapping[tuple[str, str], float],
    seed: str,
    langs: Mapping[str, str] | None = None,
    tags: Mapping[str, str] | None = None,
    warnings: Mapping[str, tuple[str, ...]] | None = None,
) -> int:
    """Draw from a pool and queue what was drawn; how many items are new. The same pool again adds nothing.

    ``questions`` and ``documents``: id -> text; ``share``: the chance of each pair to be drawn, one for all or by
    (question, document); by question: ``langs`` (BCP 47), ``tags``: the speciality it takes, ``warnings``: categories of
    content that people opt out of.

    Raises:
        Refused: the queue judges no relevance, a share is out of range, or a text is missing.
    """
    pairs = list(pooled)
    with store.read() as connection:
        if queue_row(connection, queue).mode != "relevance":
            raise Refused(f"queue {queue!r} judges no relevance; make one with mode relevance")
    missing = next((one for one in pairs if one.question not in questions or one.doc not in documents), None)
    if missing is not None:
        raise Refused(f"question {missing.question!r} or document {missing.doc!r} has no text; nothing was queued")
    units = {}
    for one in pairs:
        chance = share if isinstance(share, float | int) else share[one.question, one.doc]
        if not 0 < chance <= 1:
            raise Refused(f"{one.question}/{one.doc}: a chance lies over 0 and up to 1, not {chance}")
        unit = _unit(one, questions[one.question], documents[one.doc], float(chance), seed)
        unit = replace(
            unit,
            lang=(langs or {}).get(one.question),
            tag=(tags or {}).get(one.question),
            warnings=(warnings or {}).get(one.question, ()),
        )
        units[unit.sha256] = (one, unit)
    frame = sha256("\n".join(sorted(units)).encode()).hexdigest()
    expected = fsum(unit.pi for _, unit in units.values())
    plan = {"pool": len(pairs), "questions": len({one.question for one in pairs}), "budget": expected}
    added = enqueue(
        store,
        (unit for _, unit in units.values()),
        queue=queue,
        frame_sha256=frame,
        frame_size=len(units),
        seed=seed,
        plan=plan,
    )
    store.transact(
        lambda connection: _keep(connection, queue, frame, seed, {sha: one for sha, (one, _) in units.items()})
    )
    return added


def _unit(one: Pooled, question: str, text: str, chance: float, seed: str) -> Unit:
    """The pair as a small trace: what every page that shows traces can show."""
    found = Retrieval(query=question, hits=(Hit(doc=one.doc, rank=1, text=text),))
    span = Span(id="document", kind=Kind.RETRIEVAL, name=POOLED, body=found)
    name = f"{one.question}/{one.doc}"
    shown = Trace(id=name, spans=(span,), schema_version="traceeval/1", question=question, scenario=one.question)
    subject = trace_hash(shown)
    why = ("pool", f"drawn from the pool with a chance of {chance:g}")
    return Unit.even(name, subject, chance, seed, why, msgspec.json.encode(shown))


def _keep(connection: Connection, queue: str, frame: str, seed: str, pairs: Mapping[str, Pooled]) -> None:
    """Which question and document each unit of the frame is."""
    unit, run, table = schema.selection_unit, schema.selection_run, schema.pool_unit
    mine = (run.c.queue_id == queue_row(connection, queue).id, run.c.frame_sha256 == frame, run.c.seed == seed)
    found = select(unit.c.id, unit.c.subject_sha256).join(run, run.c.id == unit.c.selection_run_id).where(*mine)
    known = set(connection.execute(select(table.c.selection_unit_id)).scalars())
    rows = [
        {
            "selection_unit_id": row.id,
            "question": pairs[row.subject_sha256].question,
            "doc": pairs[row.subject_sha256].doc,
            "depth": pairs[row.subject_sha256].depth,
            "runs": list(pairs[row.subject_sha256].runs),
        }
        for row in connection.execute(found)
        if row.id not in known
    ]
    if rows:
        connection.execute(insert(table), rows)


def judged(store: Store, queue: str) -> list[Judged]:
    """Every document of the pool with its chance and, where it was settled, its grade; by question and document.

    Raises:
        NotFound: no such queue.
        Refused: it grades no documents.
    """
    pooled, unit, run, item = schema.pool_unit, schema.selection_unit, schema.selection_run, schema.item
    with store.read() as connection:
        row = queue_row(connection, queue)
        if row.mode != "relevance":
            raise Refused(f"queue {queue!r} is {row.mode} and grades no documents; name one of mode relevance")
        grades = _grades(connection, row)
        found = (
            select(pooled, unit.c.pi, unit.c.drawn, item.c.id.label("item"))
            .join(unit, unit.c.id == pooled.c.selection_unit_id)
            .join(run, run.c.id == unit.c.selection_run_id)
            .outerjoin(item, (item.c.subject_sha256 == unit.c.subject_sha256) & (item.c.queue_id == run.c.queue_id))
            .where(run.c.queue_id == row.id)
            .order_by(pooled.c.question, pooled.c.doc)
        )
        rows = connection.execute(found).all()
    return [
        Judged(one.question, one.doc, one.depth, tuple(one.runs), one.pi, one.drawn, grades.get(one.item))
        for one in rows
    ]


def _grades(connection: Connection, queue: Row[tuple[object, ...]]) -> dict[int | None, int]:
    """Item -> grade of its latest decision."""
    decision, item = schema.decision, schema.item
    found = select(decision.c.item_id, decision.c.marks).join(item, item.c.id == decision.c.item_id)
    settled = found.where(item.c.queue_id == queue.id, decision.c.outcome == "decided").order_by(decision.c.id)
    return {row.item_id: row.marks[CRITERION] - LOWEST for row in connection.execute(settled) if CRITERION in row.marks}


def references(store: Store, queue: str) -> dict[str, References]:
    """Question -> what experts wrote of it, without their names; nothing of a verdict that was set aside."""
    pooled, unit, item = schema.pool_unit, schema.selection_unit, schema.item
    said: dict[str, list[dict[str, object]]] = {}
    with store.read() as connection:
        row = queue_row(connection, queue)
        found = (
            select(item.c.id, pooled.c.question)
            .join(unit, unit.c.subject_sha256 == item.c.subject_sha256)
            .join(pooled, pooled.c.selection_unit_id == unit.c.id)
            .where(item.c.queue_id == row.id)
            .order_by(item.c.id)
        )
        for one in connection.execute(found.distinct()).all():
            verdicts = [v for round_ in ("adjudication", "live") for v in counted(connection, one.id, round_)]
            said.setdefault(one.question, []).extend(words(connection, verdict.uuid) for verdict in verdicts)
    return {question: _references(texts) for question, texts in said.items()}


def _asked(store: Store, queue: str) -> dict[str, str]:
    """Question -> its text, as experts saw it."""
    pooled, unit, run, subject = schema.pool_unit, schema.selection_unit, schema.selection_run, schema.subject
    found = (
        select(pooled.c.question, subject)
        .join(unit, unit.c.id == pooled.c.selection_unit_id)
        .join(run, run.c.id == unit.c.selection_run_id)
        .join(subject, subject.c.sha256 == unit.c.subject_sha256)
    )
    with store.read() as connection:
        rows = connection.execute(found.where(run.c.queue_id == queue_row(connection, queue).id)).all()
    texts = ((row.question, text_of(trace.question)) for row in rows for trace in traces_of(row))
    return {question: text for question, text in texts if text}


def _references(texts: Iterable[dict[str, object]]) -> References:
    ordered = sorted(texts, key=digest)
    answers = dict.fromkeys(str(one["answer"]).strip() for one in ordered if one.get("answer"))
    claims = dict.fromkeys(str(claim).strip() for one in ordered for claim in _listed(one.get("claims")))
    return References(tuple(answers), tuple(claims))


def _listed(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else ()


def qrels(store: Store, queue: str) -> Iterator[str]:
    """Lines ``question 0 document grade`` of what was judged, as TREC reads them and ``--gold`` loads them."""
    for one in judged(store, queue):
        if one.grade is not None:
            yield f"{one.question} 0 {one.doc} {one.grade}"


def gold_rows(store: Store, queue: str, questions: Mapping[str, str]) -> Iterator[GoldRow]:
    """A row a question, for ``--gold``: graded documents, answers and claims.

    ``questions``: id -> text, as in the traces; of others the text that was shown, which is redacted.
    """
    known, asked = references(store, queue), {**_asked(store, queue), **questions}
    documents: dict[str, dict[str, int]] = {}
    for one in judged(store, queue):
        if one.grade is not None:
            documents.setdefault(one.question, {})[one.doc] = one.grade
    for question, graded in documents.items():
        wrote = known.get(question, References())
        yield GoldRow(
            question=asked.get(question, question),
            documents=graded,
            answer=wrote.answers or None,
            claims=wrote.claims or None,
        )
