"""A queue's record as plain rows for those who audit it: everything that happened, nobody by name.

Read-only, over one consistent view of the database. People are ``reviewer:ID`` everywhere; their handles, passwords and
sessions never leave. Words that were erased are not there any more.
"""

from __future__ import annotations

import json
import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import msgspec
from sqlalchemy import Connection, Table, and_, select

from traceeval.model import Origin
from traceeval.review import schema
from traceeval.review._counts import by_state
from traceeval.review.ledger import digest, recorded
from traceeval.review.spoken import Digest, Told, note, spoken, stream

Row = dict[str, Any]
_NOBODY = "system"


def events(connection: Connection) -> Iterator[Row]:
    """The chain, an event a row: ``seq, prev, hash, body``; the body is the very text its hash is over."""
    yield from (dict(row._mapping) for row in stream(connection, _all(schema.audit_event, "seq")))


def named(connection: Connection) -> int | None:
    """The last event that names its actor, as versions before the pseudonyms wrote them; None: nobody is named."""
    actor = re.compile(r'"actor":"(?:system|reviewer:\d+)"')
    return max((event["seq"] for event in events(connection) if not actor.search(event["body"])), default=None)


def head(connection: Connection) -> tuple[int, str]:
    """The last event: its number and its hash."""
    row = connection.execute(select(schema.audit_head)).one()
    return row.seq, row.hash


def checkpoints(connection: Connection) -> Iterator[Row]:
    """Every checkpoint that was let out of the database."""
    yield from (dict(row._mapping) for row in stream(connection, _all(schema.audit_checkpoint)))


def records(connection: Connection) -> Iterator[Row]:
    """What every row that an event speaks of says, as its digest covers it: ``object`` and ``row``."""
    told: Told = {}
    for event in events(connection):
        body = json.loads(event["body"])
        note(told, body["action"], body["object"], body["digest"], event["seq"])
    for about, forms, needed in spoken(connection, told):
        if (needed or about in told) and not isinstance(forms[0], Digest):  # a rubric stands in a file of its own
            row = next((form for form in forms if about in told and digest(form) == told[about][0]), forms[0])
            yield {"object": about, "row": row}
    for unit in stream(connection, _all(schema.selection_unit)):
        yield {"object": f"selection_unit:{unit.id}", "row": recorded(unit._mapping)}


def words(connection: Connection) -> Iterator[Row]:
    """What people wrote, with the salt its digest was taken with."""
    yield from (dict(row._mapping) for row in stream(connection, _all(schema.free_text, "owner")))


def _all(table: Table, key: str = "id") -> Any:
    return select(table).order_by(table.c[key])


def person(reviewer_id: int | None) -> str:
    """The pseudonym of a reviewer."""
    return _NOBODY if reviewer_id is None else f"reviewer:{reviewer_id}"


def roles(connection: Connection) -> Iterator[Row]:
    """A row per person and role; people without one too."""
    granted = defaultdict(list)
    for row in stream(connection, _all(schema.role_grant)):
        granted[row.reviewer_id].append((row.project, row.role))
    for row in stream(connection, _all(schema.reviewer)):
        for project, role in sorted(granted[row.id]) or [(None, None)]:
            yield {
                "reviewer": person(row.id),
                "project": project,
                "role": role,
                "langs": row.langs,
                "tags": row.tags,
                "joined_at": row.created_at,
                "disabled_at": row.disabled_at,
            }


def qualifications(connection: Connection) -> Iterator[Row]:
    """How often each person met gold, per rubric and language, and until when they count as qualified."""
    yield from _of_people(connection, schema.qualification)


def calibration_rounds(connection: Connection) -> Iterator[Row]:
    """Rounds in which everybody judged the same, and how far they agreed."""
    for row in stream(connection, _all(schema.calibration_round)):
        yield {**row._mapping, "opened_by": person(row.opened_by)}


def gold(connection: Connection) -> Iterator[Row]:
    """What was known beforehand, and the verdicts given on it without knowing that it was known."""
    table, verdict = schema.gold, schema.verdict
    joined = select(table, verdict.c.reviewer_id, verdict.c.body, verdict.c.at)
    for row in stream(connection, joined.join(verdict, verdict.c.item_id == table.c.item_id).order_by(verdict.c.id)):
        told = dict(row._mapping)
        body = told.pop("body")
        made_by = [person(one) if isinstance(one, int) else "named" for one in told.pop("made_by")]
        yield {**told, "made_by": made_by, "reviewer": person(row.reviewer_id), "given": body["marks"]}


def rubric_proposals(connection: Connection) -> Iterator[Row]:
    """What rounds and adjudications asked to be reworded, and what became of it."""
    yield from _of_people(connection, schema.rubric_proposal)


def regressions(connection: Connection) -> Iterator[Row]:
    """Failures that people decided on and that became pinned scenarios; flagged where the decision was reopened."""
    yield from (dict(row._mapping) for row in stream(connection, _all(schema.regression_pin)))


def _of_people(connection: Connection, table: Table) -> Iterator[Row]:
    for row in stream(connection, _all(table)):
        yield {**row._mapping, "reviewer": person(row.reviewer_id)}


def rubrics(connection: Connection) -> Iterator[Row]:
    """Every version of every rubric, the whole of it in ``body``."""
    table = schema.rubric
    ordered = select(table).order_by(table.c.name, table.c.locale, table.c.version)
    yield from (dict(row._mapping) for row in stream(connection, ordered))


def queues(connection: Connection) -> Iterator[Row]:
    """Every queue: its rules, its rubric, the frames it was drawn from, and how many items are in which state."""
    queue, rubric, item, run = schema.queue, schema.rubric, schema.item, schema.selection_run
    for row in connection.execute(_all(queue)).all():
        version = connection.execute(select(rubric).where(rubric.c.id == row.rubric_id)).one()
        frames = connection.execute(_all(run).where(run.c.queue_id == row.id)).all()
        yield {
            **row._mapping,
            "rubric": f"{version.name} version {version.version} ({version.locale})",
            "rubric_sha256": version.sha256,
            "items": dict(sorted(by_state(connection, item, row.id).items())),
            "frames": [dict(frame._mapping) for frame in frames],
        }


def selection(connection: Connection) -> Iterator[Row]:
    """Every unit of every frame, drawn or not, with its inclusion probability; reasons where it became an item."""
    unit, run, item, queue = schema.selection_unit, schema.selection_run, schema.item, schema.queue
    first = and_(item.c.queue_id == run.c.queue_id, item.c.subject_sha256 == unit.c.subject_sha256, item.c.round == 1)
    joined = select(unit, queue.c.name.label("queue"), item.c.reasons)
    joined = joined.join(run, run.c.id == unit.c.selection_run_id).join(queue, queue.c.id == run.c.queue_id)
    for row in stream(connection, joined.join(item, first, isouter=True).order_by(unit.c.id)):
        yield dict(row._mapping)


def verdicts(connection: Connection) -> Iterator[Row]:
    """Every verdict: whose, on what, what was shown, and what they said."""
    yield from _said(connection, schema.verdict)


def decisions(connection: Connection) -> Iterator[Row]:
    """Every decision, with the words of the adjudicator where one decided."""
    decision, item, queue, verdict = schema.decision, schema.item, schema.queue, schema.verdict
    joined = select(decision, item.c.subject_sha256, item.c.trace, queue.c.name.label("queue"))
    joined = joined.join(item, item.c.id == decision.c.item_id).join(queue, queue.c.id == item.c.queue_id)
    for row in stream(connection, joined.order_by(decision.c.id)):
        last = select(schema.free_text.c.body).join(verdict, verdict.c.uuid == schema.free_text.c.owner)
        final = and_(
            verdict.c.item_id == row.item_id, verdict.c.round == "adjudication", verdict.c.uuid.in_(row.verdicts)
        )
        yield {**row._mapping, **(connection.execute(last.where(final)).scalar() or {})}


def _said(connection: Connection, table: Table) -> Iterator[Row]:
    slot, item, queue, text = schema.slot, schema.item, schema.queue, schema.free_text
    joined = select(table, item.c.subject_sha256, item.c.trace, queue.c.name.label("queue"), slot.c.kind)
    joined = joined.add_columns(slot.c.opened, (slot.c.state == "void").label("voided"), text.c.body.label("words"))
    joined = joined.join(slot, slot.c.id == table.c.slot_id).join(item, item.c.id == slot.c.item_id)
    joined = joined.join(queue, queue.c.id == item.c.queue_id).join(text, text.c.owner == table.c.uuid, isouter=True)
    for row in stream(connection, joined.order_by(table.c.id)):
        told = dict(row._mapping)
        yield {**told.pop("body"), **(told.pop("words") or {}), **told, "reviewer": person(row.reviewer_id)}


def lineage(connection: Connection) -> Iterator[Row]:
    """Where every reviewed text came from, by which reader, and what was taken out before it was shown.

    A row per response where two stand side by side: ``part`` 1 and 2.
    """
    table = schema.subject
    for row in stream(connection, _all(table, "sha256")):
        told = {
            "subject_sha256": row.sha256,
            "payload_sha256": row.payload_sha256,
            "redaction_version": row.redaction_version,
        }
        for part, said in enumerate(_origins(row.payload), 1):
            yield {**told, "part": part, **{f"origin_{name}": value for name, value in said.items()}}


def _origins(payload: bytes) -> list[Row]:
    """What each response of a subject says of its origin; nothing where the text was changed and cannot be read."""
    try:
        read = _SOURCED.decode(zlib.decompress(payload))
    except (msgspec.DecodeError, zlib.error):
        return [{}]
    sources = read if isinstance(read, list) else [read]
    return [{} if one.origin is None else msgspec.structs.asdict(one.origin) for one in sources]


class _Sourced(msgspec.Struct):
    """What lineage reads of a trace."""

    origin: Origin | None = None


_SOURCED = msgspec.json.Decoder(_Sourced | list[_Sourced])  # made on import, as those of `_rows` are


def safety(connection: Connection) -> Iterator[Row]:
    """Every item that was flagged, had to be seen, or was closed without a label."""
    item, queue, decision = schema.item, schema.queue, schema.decision
    joined = select(item, queue.c.name.label("queue"), decision.c.flags, decision.c.outcome, decision.c.method)
    joined = joined.join(queue, queue.c.id == item.c.queue_id).join(
        decision, decision.c.item_id == item.c.id, isouter=True
    )
    for row in stream(connection, joined.order_by(item.c.id)):
        raised = _flags_of(connection, row.id)
        if row.safety or raised or row.state in ("indeterminate", "withdrawn", "blocked"):
            yield {**row._mapping, "item_id": row.id, "flags_raised": sorted(raised), "must_see": bool(row.safety)}


def _flags_of(connection: Connection, item_id: int) -> set[str]:
    table = schema.verdict
    bodies = connection.execute(select(table.c.body).where(table.c.item_id == item_id)).scalars()
    return {flag for body in bodies for flag in body["flags"]}


def access(connection: Connection) -> Iterator[Row]:
    """Every time an original was revealed or something was erased: by whom, of what, why."""
    table = schema.lead_action
    chosen = _all(table).where(table.c.action.in_(("reveal", "erase")))
    for row in stream(connection, chosen):
        told = dict(row._mapping)
        told.pop("reviewer_id")
        yield {**told, "reviewer": person(row.reviewer_id)}


def contamination(connection: Connection) -> Row:
    """What the labels themselves show: families in more than one split, and verdict blocks said of several items."""
    label, item = schema.label, schema.item
    joined = select(label.c.split, item.c.family).join(schema.decision, schema.decision.c.id == label.c.decision_id)
    joined = joined.join(item, item.c.id == schema.decision.c.item_id).distinct()
    splits: dict[str, set[str]] = defaultdict(set)
    for row in connection.execute(joined):
        splits[row.family].add(row.split)
    return {
        "families": len(splits),
        "families_by_split": dict(sorted(Counter(name for names in splits.values() for name in names).items())),
        "families_in_several_splits": sorted(family for family, names in splits.items() if len(names) > 1),
        "same_words_on_several_items": _repeated(connection),
    }


def _repeated(connection: Connection) -> list[Row]:
    """Blocks of marks and rationale that one person gave to more than one item; the most frequent first."""
    blocks: Counter[tuple[str, str]] = Counter()
    for row in verdicts(connection):
        block = msgspec.json.encode([row["marks"], row.get("rationale")], order="deterministic").decode()
        blocks[row["reviewer"], block] += 1
    return [
        {"reviewer": who, "items": count}
        for (who, _), count in sorted(blocks.items(), key=lambda one: (-one[1], one[0]))
        if count > 1
    ]
