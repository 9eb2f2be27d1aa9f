"""What every suite of labelled claims prints: discrimination, calibration, and accuracy where some are left undecided.

Metrics: ``auroc``, ``balanced_accuracy`` (at .5, everything decided), ``ece``, ``accuracy_at_70`` … ``accuracy_at_100``:
accuracy on that share, the others deferred: first those a rule defers (a veto, another language, too short), then the
least certain. Where rules defer more than was asked, ``overflow_at_*`` is the share beyond, decided by nobody. With
``--cv`` all but the first two also with the suffix ``_cal``: two numbers fitted on 40 labels drawn by group, scored on
the rows of other groups, mean of 20 seeds (rulings.md 3, 19). ``ruled``: share deferred by rule; ``verbatim_vetoed``: of
the supported claims most of whose words stand in one sentence, the share with a veto.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from benchmarks._bootstrap import auroc, balanced_accuracy, exact, measured
from traceeval.judge import Ask, by_rule
from traceeval.judge.checkers.lexical import LexicalChecker
from traceeval.measures.calibration import Platt, ece, fit
from traceeval.measures.tokens import tokenise
from traceeval.model import Passage

PLAIN = ("unigram", "cov", "lcs")
SHARES = (70, 80, 90, 100)
LABELS, SEEDS = 40, 20
VERBATIM = 0.9


@dataclass(frozen=True, slots=True)
class Row:
    """A text somebody judged against its contexts."""

    id: str
    contexts: Sequence[str]
    answer: str
    label: bool
    group: str
    subset: str = ""
    grade: float | None = None


class Judged(NamedTuple):
    """A probability of support beside the label; ``ruled``: deferred by rule, whatever the probability."""

    p: float
    label: bool
    ruled: bool = False


@dataclass(frozen=True, slots=True)
class Scored:
    """A row with the shipped checker's support (0 when nothing was checkable) and the plain measures.

    ``ruled``: a rule left one of its claims open and no other claim settles that the row is not supported. ``verbatim``:
    for each claim that aligns with a sentence, whether it has a veto.
    """

    row: Row
    score: float
    plain: Mapping[str, float] = field(default_factory=dict)
    ruled: bool = False
    verbatim: tuple[bool, ...] = ()

    @property
    def group(self) -> str:
        """What may not be split."""
        return self.row.group


def score(rows: Iterable[Row], checker: LexicalChecker | None = None) -> list[Scored]:
    """Score every row with the embedded checker."""
    reader = checker or LexicalChecker()
    return [_scored(row, reader) for row in rows]


def _scored(row: Row, checker: LexicalChecker) -> Scored:
    passages = tuple(Passage(id=f"p{n}", text=text) for n, text in enumerate(row.contexts))
    checked = checker.check(Ask.supports(row.answer, passages))
    features = [dict(verdict.features) for verdict in checked.verdicts] or [{"cov": 0.0, "lcs": 0.0}]
    plain = {name: sum(one[name] for one in features) / len(features) for name in ("cov", "lcs")}
    settled = any(verdict.outcome == "unsupported" for verdict in checked.verdicts)
    return Scored(
        row=row,
        score=checked.support or 0.0,
        plain={**plain, "unigram": _unigram(row)},
        ruled=not settled and any(by_rule(one.outcome, one.codes) for one in checked.verdicts),
        verbatim=tuple(
            any(code.startswith("veto_") for code in verdict.codes)
            for verdict in checked.verdicts
            if verdict.outcome != "not_checkable" and dict(verdict.features)["lcs"] >= VERBATIM
        ),
    )


def _unigram(row: Row) -> float:
    """Share of the answer's tokens that occur in the contexts."""
    words, known = tokenise(row.answer).low, {word for text in row.contexts for word in tokenise(text).low}
    return sum(word in known for word in words) / len(words) if words else 0.0


def report(
    rows: Sequence[Row], cv: bool, more: Callable[[list[Scored]], dict[str, Any]] | None = None
) -> dict[str, Any]:
    """Metrics over all rows and by subset, plain measures beside them, the worst misses. ``more`` adds metrics."""
    found = score(rows)
    subsets = sorted({row.subset for row in rows} - {""})
    extra = more or (lambda scored: {})
    return {
        "metrics": metrics(found, cv) | extra(found),
        "subsets": {
            name: metrics(part, cv) for name in subsets if (part := [o for o in found if o.row.subset == name])
        },
        "baselines": {name: _baseline(found, name, subsets) for name in PLAIN} | {"majority": _majority(found)},
        "misses": [
            f"{one.row.id}: {one.score:.2f} but {'supported' if one.row.label else 'not'}" for one in _worst(found)
        ],
    }


def metrics(found: Sequence[Scored], cv: bool) -> dict[str, Any]:
    """The shared metrics of one set of rows."""
    pairs = [Judged(one.score, one.row.label, one.ruled) for one in found]
    groups = [one.group for one in found]
    told: dict[str, Any] = {
        "auroc": measured(found, groups, lambda drawn: auroc([(o.score, o.row.label) for o in drawn])),
        "balanced_accuracy": measured(
            found, groups, lambda drawn: balanced_accuracy([(o.score >= 0.5, o.row.label) for o in drawn])
        ),
        **{name: exact(value) for name, value in deferring(pairs).items()},
        "ruled": exact(sum(one.ruled for one in found) / len(found)),
        "verbatim_vetoed": exact(_mean([vetoed for one in found if one.row.label for vetoed in one.verbatim])),
    }
    return told | (calibrated(found) if cv else {})


def deferring(judged: Sequence[Judged]) -> dict[str, float | None]:
    """ECE, and accuracy and overflow at every share."""
    told: dict[str, float | None] = {"ece": ece([(one.p, one.label) for one in judged])}
    for share in SHARES:
        told[f"accuracy_at_{share}"] = accuracy_at(judged, share / 100)
    return told | {f"overflow_at_{share}": overflow_at(judged, share / 100) for share in SHARES}


def decided(judged: Sequence[Judged], share: float) -> list[Judged]:
    """The rows decided when ``share`` of them should be: none that a rule defers, of the others the surest."""
    open_ = sorted((one for one in judged if not one.ruled), key=lambda one: -abs(one.p - 0.5))
    return open_[: round(share * len(judged))]


def accuracy_at(judged: Sequence[Judged], share: float) -> float | None:
    """Accuracy at .5 on what is decided; None where nothing is."""
    sure = decided(judged, share)
    return sum((one.p >= 0.5) == one.label for one in sure) / len(sure) if sure else None


def overflow_at(judged: Sequence[Judged], share: float) -> float:
    """Share of rows that a rule defers beyond the asked deferrals."""
    return (round(share * len(judged)) - len(decided(judged, share))) / len(judged)


def calibrated(found: Sequence[Scored]) -> dict[str, Any]:
    """ECE and accuracies after 40 labels; None where no draw had two labels of each class."""
    drawn = [deferring(one) for seed in range(SEEDS) if (one := _draw(found, seed)) is not None]
    names = deferring([Judged(0.0, False)])
    return {f"{name}_cal": exact(_mean([one[name] for one in drawn])) for name in names}


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def _draw(found: Sequence[Scored], seed: int) -> list[Judged] | None:
    """Fit on 40 labels of some groups; the rows of all others, judged by it."""
    groups: dict[str, list[Scored]] = {}
    for one in found:
        groups.setdefault(one.group, []).append(one)
    order = sorted(groups)
    random.Random(seed).shuffle(order)
    taken: list[Scored] = []
    used = set()
    for group in order:
        if len(taken) >= LABELS:
            break
        used.add(group)
        taken += groups[group]
    labels = [(one.score, one.row.label) for one in taken[:LABELS]]
    rest = [one for one in found if one.group not in used]
    if min(sum(label for _, label in labels), sum(not label for _, label in labels)) < 2 or not rest:
        return None
    model: Platt = fit(labels)
    return [Judged(model(one.score), one.row.label, one.ruled) for one in rest]


def _baseline(found: Sequence[Scored], name: str, subsets: Sequence[str]) -> dict[str, float | None]:
    told = {"auroc": auroc([(one.plain[name], one.row.label) for one in found])}
    for subset in subsets:
        told[f"auroc_{subset}"] = auroc([(o.plain[name], o.row.label) for o in found if o.row.subset == subset])
    return told


def _majority(found: Sequence[Scored]) -> dict[str, float]:
    share = sum(one.row.label for one in found) / len(found)
    return {"balanced_accuracy": 0.5, "accuracy_at_100": max(share, 1 - share)}


def _worst(found: Sequence[Scored]) -> list[Scored]:
    wrong = [one for one in found if (one.score >= 0.5) != one.row.label]
    return sorted(wrong, key=lambda one: -abs(one.score - 0.5))[:40]
