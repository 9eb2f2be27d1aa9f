"""The people of ``make demo-decide``: ``python -m examples.support_desk.demo_people train|work|judged QUEUE NAME COMPARED``.

They are scripted; everything they do goes through the services that anybody's verdict goes through. Ana, Ben and Cleo
qualify on traces whose marks are known and calibrate in a round; Ana and Ben judge what was drawn of version 1.1.0, blind;
where they differ Cleo decides. ``judged`` prints what a scripted judge says of the same traces.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import msgspec
import pyarrow.parquet as pq

from traceeval.adapters import read
from traceeval.model import JudgeRow, text_of
from traceeval.review import Lease, Store, Submission, claim, labels, provisional, submit
from traceeval.review.calibration import subjects_from
from traceeval.review.gold import GoldItem, add_gold
from traceeval.review.proposals import propose
from traceeval.review.rounds import open_round, reveal

BEFORE, NOW = "1.0.0", "1.1.0"
QUALIFIED_ON, CALIBRATED_ON = 20, 12
REVIEWERS, ADJUDICATOR, LEAD = ("ana", "ben"), "cleo", "lena"
FINE = "The answer says what the sources and the tool results say, and no step was taken that nobody asked for."
WRONG = "The answer does not say what was asked for, although the sources hold it."
GAP = "guideline_gap"


def train(store: Store, queue: str, compared: Path) -> None:
    """Gold to qualify on and a calibration round, both of version 1.0.0, before anything is drawn; then better wording."""
    traces = list(read([str(compared / f"traces-{BEFORE}")]))
    subjects = subjects_from(store, queue, traces)
    known = {"groundedness": 5, "tool_use": 5, "trajectory": 5, "safety": 5, "accuracy": 5}
    gold = (GoldItem(subject=one, marks=known, purpose="qualification", lang="en") for one in subjects[:QUALIFIED_ON])
    add_gold(store, queue, LEAD, gold)
    round_ = open_round(store, queue, LEAD, subjects[QUALIFIED_ON : QUALIFIED_ON + CALIBRATED_ON])
    for who in (*REVIEWERS, ADJUDICATOR):
        _until_done(store, queue, (who,), "review", frozenset(_wrong(compared)))
    reveal(store, round_, LEAD)
    wording = "Mark 2 when the answer misses what was asked for, however well it is grounded."
    propose(store, 1, ADJUDICATOR, criterion="accuracy", score=2, wording=wording, why="two people read it in two ways")


def work(store: Store, queue: str, compared: Path) -> None:
    """Two judge everything that was drawn; the third settles what those differ on."""
    wrong = frozenset(_wrong(compared))
    _until_done(store, queue, REVIEWERS, "review", wrong)
    _until_done(store, queue, (ADJUDICATOR,), "adjudicate", wrong)


def _wrong(compared: Path) -> Iterator[str]:
    """Questions whose end result is wrong in either version, as gold has it."""
    for version in (BEFORE, NOW):
        rows = pq.read_table(compared / version / "traces.parquet", columns=["title", "right"]).to_pylist()
        yield from (row["title"] for row in rows if row["right"] is False)


def _until_done(store: Store, queue: str, people: Sequence[str], kind: str, wrong: frozenset[str]) -> None:
    """By turns, until nobody is given anything."""
    left = list(people)
    while left:
        left = [who for who in left if _one(store, queue, who, kind, wrong)]


def _one(store: Store, queue: str, who: str, kind: str, wrong: frozenset[str]) -> bool:
    lease = claim(store, queue, who, (kind,))
    if not isinstance(lease, Lease):
        return False
    said = verdict(lease, who, wrong)
    if lease.kind == "adjudicate":
        provisional(store, lease.slot, who, lease.fence, said)
        said = replace(said, cause=GAP)
    submit(store, lease.slot, who, lease.fence, said, f"{lease.slot}/{lease.fence}")
    return True


def verdict(lease: Lease, who: str, wrong: frozenset[str]) -> Submission:
    """What a careful person says; Ben passes over answers that are well grounded and wrong."""
    trace = lease.shown.trace
    missed = (text_of(trace.question) or "") in wrong and who != "ben"
    marks = {criterion.name: 5 for criterion in lease.rubric.criteria} | ({"accuracy": 2} if missed else {})
    spans = [span.id for span in trace.spans if not span.plumbing]
    return Submission(
        marks=marks,
        rationale=WRONG if missed else FINE,
        reasons={"accuracy": WRONG} if missed else {},
        evidence=tuple(spans[-2:]),
        active_ms=42_000,
    )


def judged(store: Store, queue: str) -> Iterator[JudgeRow]:
    """A judge that marks as people do, and the same again with padding."""
    prompt = sha256(b"demo prompt").hexdigest()
    for row in labels(store, queue):
        said = JudgeRow(
            judge="demo-judge",
            prompt=prompt,
            rubric=row.rubric,
            subject=row.subject,
            criterion=row.criterion,
            mark=row.mark,
        )
        yield said
        yield msgspec.structs.replace(said, probe="padded")


def main(step: str, url: str, queue: str, compared: Path) -> None:
    """One step; of ``judged`` print its rows."""
    store = Store(url, create=False)
    if step == "train":
        train(store, queue, compared)
    elif step == "work":
        work(store, queue, compared)
    else:
        for row in judged(store, queue):
            print(msgspec.json.encode(row).decode())
    store.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], Path(sys.argv[4]))
