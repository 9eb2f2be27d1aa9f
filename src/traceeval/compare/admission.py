"""A judge may stand behind a gate only after people's decisions say so (review.md section 13): every condition in its words.

A judge writes no Decision: nothing here touches a queue, it reads rows and returns a value.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import msgspec

from traceeval.compare._chosen import choose, mapped, screened
from traceeval.compare._refusals import Evidence, refusals
from traceeval.compare.judge_vs_people import agreeing, compare_judge
from traceeval.errors import ConfigError
from traceeval.model import ADMISSION, Admission, JudgeRow, PeopleRow

Pair = tuple[JudgeRow, PeopleRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class Demands:
    """What a gate asks: ``kappa``, ``recall``: lower bounds of 95 % intervals. ``reliability``: people among themselves.

    ``unanswered``: the share of what people closed that has no label, weighted by 1/pi; None: not known, which no gate
    passes. ``examples``: subjects the judge's prompt shows. ``waiver``: why a lead goes without reliable people, on record.
    """

    kappa: float = 0.6
    recall: float = 0.9
    reliability: str | None = None
    unanswered: float | None = None
    waiver: str = ""
    examples: frozenset[str] = frozenset()


def admit(
    judged: Iterable[JudgeRow], people: Iterable[PeopleRow], criterion: str, demands: Demands | None = None
) -> Admission:
    """Threshold and mapping from the calibration split, everything else from the test split.

    Raises:
        ConfigError: as ``compare_judge``, or people settled nothing on that criterion.
    """
    asked, settled = list(judged), list(people)
    labels = [row for row in settled if row.criterion == criterion and not row.probe and row.mark is not None]
    if not labels:
        known = ", ".join(sorted({row.criterion for row in settled if row.criterion})) or "none"
        raise ConfigError(f"people settled nothing on {criterion!r}; criteria: {known}")
    report = compare_judge(asked, settled)
    pairs = _pairs(asked, labels)
    learnt = [pair for pair in pairs if pair[1].split == "calibration" and pair[0].mark is not None]
    test = [pair for pair in pairs if pair[1].split == "test" and pair[1].replicated]
    choice = choose(learnt, (demands or Demands()).recall)
    found = screened(test, choice)
    read = [pair for pair in test if pair[0].mark is not None]
    kappa = agreeing(criterion, read).kappa
    evidence = Evidence(report, labels, learnt, test, choice, found, kappa)
    return Admission(
        schema_version=ADMISSION,
        judge=report.judge,
        prompt=report.prompt,
        rubric=report.rubric,
        criterion=criterion,
        threshold=choice.threshold if choice else None,
        kappa=kappa,
        recall=found.recall,
        precision=found.precision,
        positives=found.positives,
        negatives=len(test) - found.positives,
        families=len({person.cluster for _, person in test}),
        labels_sha256=labels_sha256(labels),
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        refusals=tuple(refusals(evidence, demands or Demands())),
        probes=report.probes,
        mapping=mapped(learnt, read),
        repeated=len(repeated_blocks(labels)),
        waiver=(demands or Demands()).waiver,
    )


def _pairs(asked: Sequence[JudgeRow], labels: Sequence[PeopleRow]) -> list[Pair]:
    """Labels with what the judge said of them, unread replies too."""
    said = {(row.subject, row.criterion): row for row in asked if not row.probe}
    keyed = ((said.get((label.subject, label.criterion)), label) for label in labels)
    return [(row, label) for row, label in keyed if row is not None]


def labels_sha256(labels: Sequence[PeopleRow]) -> str:
    """Digest of a label set, whatever its order: another label, weight or split is another set."""
    told = sorted((row.subject, row.criterion, row.mark, row.preference, row.split, row.pi) for row in labels)
    return sha256(msgspec.json.encode(told)).hexdigest()


def repeated_blocks(labels: Sequence[PeopleRow]) -> list[tuple[str, ...]]:
    """Scenario families whose labels are, mark for mark, those of another family: groups of them, largest first.

    A published label set held 8 distinct blocks in 19 records (MAST#16). Families of under three labels are not told:
    two marks are equal by chance too often.
    """
    blocks: dict[str, list[tuple[str, float | None]]] = {}
    for row in labels:
        blocks.setdefault(row.cluster, []).append((row.criterion, row.mark))
    alike: dict[tuple[tuple[str, float | None], ...], list[str]] = {}
    for cluster, marks in blocks.items():
        if len(marks) > 2:
            alike.setdefault(tuple(marks), []).append(cluster)
    return sorted(
        (tuple(sorted(names)) for names in alike.values() if len(names) > 1), key=lambda group: (-len(group), group)
    )


def reopened(
    admission: Admission, *, judge: str, prompt: str, rubric: str, labels: str | None = None
) -> tuple[str, ...]:
    """Why an admission no longer holds for what is in use now; empty when it does. ``labels``: digest of today's set."""
    then_now = (
        ("judge", admission.judge, judge),
        ("prompt", admission.prompt, prompt),
        ("rubric", admission.rubric, rubric),
        ("label set", admission.labels_sha256, admission.labels_sha256 if labels is None else labels),
    )
    changed = tuple(
        f"the {name} changed: {then or 'none'} was measured, {now or 'none'} is in use; measure it again"
        for name, then, now in then_now
        if then != now
    )
    return (*admission.refusals, *changed)


def read_admission(path: str | Path) -> Admission:
    """What ``traceeval judge admit`` wrote.

    Raises:
        ConfigError: there is no such file, or it holds no admission of this version.
    """
    try:
        return msgspec.json.decode(Path(path).read_bytes(), type=Admission)
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}; `traceeval judge admit` writes it") from error
    except msgspec.DecodeError as error:
        raise ConfigError(f"{path}: no admission ({error}); `traceeval judge admit` writes one") from error
