"""About 40 labels of people into a calibration of the embedded checker (faithfulness.md section 7)."""

from __future__ import annotations

import csv
import hashlib
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from traceeval.errors import ConfigError
from traceeval.judge import by_rule, by_score
from traceeval.measures.calibration import ENOUGH, Pairs, bins, brier, ece, fit, left_out
from traceeval.measures.interval import wilson
from traceeval.model import CALIBRATION, Bin, Calibration, ClaimRow, Covered

FIELDS = ("claim", "text", "evidence", "label")
LABELS = {"supported": True, "unsupported": False}
EACH = 2  # labels a class needs before anything can be fitted
STEPS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def read_claims(path: Path) -> Iterator[ClaimRow]:
    """The claims a run wrote.

    Raises:
        ConfigError: there is no such file, or a line of it is no claim.
    """
    decoder = msgspec.json.Decoder(ClaimRow)
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                try:
                    yield decoder.decode(line)
                except msgspec.DecodeError as error:
                    raise ConfigError(f"{path}:{number}: no claim of a run: {error}") from error
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}; run `traceeval evaluate` first and name its folder") from error


def read_calibration(path: str | Path) -> Calibration:
    """What ``traceeval calibrate fit`` wrote.

    Raises:
        ConfigError: there is no such file, or it holds no calibration of this version.
    """
    try:
        return msgspec.json.decode(Path(path).read_bytes(), type=Calibration)
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}; `traceeval calibrate fit` writes it") from error
    except msgspec.DecodeError as error:
        raise ConfigError(f"{path}: no calibration ({error}); `traceeval calibrate fit` writes one") from error


def is_open(row: ClaimRow) -> bool:
    """Whether a label of this claim teaches something: the score alone decided, whatever it said."""
    return row.support is not None and by_score(row.outcome, row.codes)


def draw(rows: Iterable[ClaimRow], n: int, seed: str) -> list[ClaimRow]:
    """``n`` claims to label, uniformly over traces, at most one of each; the same seed draws the same."""
    by_trace: dict[str, list[ClaimRow]] = {}
    for row in rows:
        if is_open(row):
            by_trace.setdefault(row.trace, []).append(row)
    rng = random.Random(seed)
    chosen = [rng.choice(sorted(by_trace[trace], key=lambda row: row.claim)) for trace in sorted(by_trace)]
    return rng.sample(chosen, min(n, len(chosen)))


def as_csv(rows: Iterable[ClaimRow]) -> Iterator[tuple[str, ...]]:
    """Rows for a spreadsheet, scores hidden; what a spreadsheet would run as a formula begins with an apostrophe."""
    yield FIELDS
    for row in rows:
        yield tuple(_cell(text) for text in (row.claim, row.text, " | ".join(row.evidence), ""))


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def read_labels(path: Path) -> dict[str, bool]:
    """Claim id -> whether people called it supported; rows without a label are left out.

    Raises:
        ConfigError: no such file, a missing column, another label, or a claim labelled twice.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as lines:
            reader = csv.DictReader(lines)
            if not {"claim", "label"} <= set(reader.fieldnames or ()):
                raise ConfigError(f"{path}: no columns `claim` and `label`; `traceeval calibrate draw` writes them")
            return _labels(path, reader)
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from error


def _labels(path: Path, reader: Iterable[Mapping[str, str]]) -> dict[str, bool]:
    found: dict[str, bool] = {}
    for number, row in enumerate(reader, 2):
        said, claim = (row["label"] or "").strip().lower(), (row["claim"] or "").lstrip("'")
        if not said:
            continue
        if said not in LABELS:
            raise ConfigError(f"{path}:{number}: label {said!r}; write supported or unsupported, or leave it empty")
        if claim in found:
            raise ConfigError(f"{path}:{number}: claim {claim} is labelled twice; keep one row")
        found[claim] = LABELS[said]
    return found


def calibrate(
    rows: Iterable[ClaimRow],
    labels: Mapping[str, bool],
    *,
    defer: float = 0.30,
    min_accuracy: float = 0.75,
    enough: int = EACH,
) -> Calibration:
    """Fit on the labelled claims, and freeze a band that together with the rules defers the asked share of all others.

    Claims deferred by rule come first; the band is the quantile of |p - .5| that fills the rest (rulings.md 3).

    Raises:
        ConfigError: unknown claims, several languages or checkers, or under two labels of a class.
    """
    known, ruled = {}, 0
    for row in rows:
        ruled += by_rule(row.outcome, row.codes)
        if is_open(row):
            known[row.claim] = row
    unknown = [claim for claim in labels if claim not in known]
    if unknown:
        raise ConfigError(
            f"{len(unknown)} labelled claims are not in the run (first: {unknown[0]}); name the run they were drawn from"
        )
    chosen = [known[claim] for claim in labels]
    pairs = [(row.support or 0.0, labels[row.claim]) for row in chosen]
    _refuse(chosen, pairs, enough)
    rest = [row.support or 0.0 for claim, row in known.items() if claim not in labels]
    return _calibration(chosen, pairs, rest, ruled, labels, defer, min_accuracy)


def _refuse(chosen: Sequence[ClaimRow], pairs: Pairs, enough: int) -> None:
    counts = Counter(label for _, label in pairs)
    for label, name in ((True, "supported"), (False, "unsupported")):
        if counts[label] < enough:
            raise ConfigError(
                f"{counts[label]} labels say {name}, {enough} are needed: label {enough - counts[label]} more such claims"
            )
    for field in ("language", "by"):
        several = sorted({str(getattr(row, field)) for row in chosen})
        if len(several) > 1:
            raise ConfigError(f"labels of several {field}s ({', '.join(several)}): calibrate each apart")


def _calibration(
    chosen: Sequence[ClaimRow],
    pairs: Pairs,
    rest: Sequence[float],
    ruled: int,
    labels: Mapping[str, bool],
    defer: float,
    least: float,
) -> Calibration:
    model, held = fit(pairs), left_out(pairs)
    spread = sorted(abs(model(support) - 0.5) for support in rest or [support for support, _ in pairs])
    left = int(defer * (len(spread) + ruled)) - ruled
    h = spread[min(left, len(spread) - 1)] if left > 0 else 0.0
    decided = [(p, label) for p, label in held if abs(p - 0.5) >= h]
    accuracy = sum((p >= 0.5) == label for p, label in decided) / len(decided) if decided else None
    base = sum(label for _, label in pairs) / len(pairs)
    score = brier(held)
    return Calibration(
        schema_version=CALIBRATION,
        checker=chosen[0].by,
        language=chosen[0].language or "en",
        systems=tuple(sorted({row.system for row in chosen}, key=lambda name: name or "")),
        a=model.a,
        b=model.b,
        h=h,
        defer=defer,
        state="cannot_tell" if model.a <= 0 or accuracy is None or accuracy < least else "calibrated",
        supported=sum(label for _, label in pairs),
        unsupported=sum(not label for _, label in pairs),
        unlabelled=len(rest),
        by_rule=ruled,
        labels_sha256=hashlib.sha256(msgspec.json.encode(dict(sorted(labels.items())))).hexdigest(),
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        accuracy=accuracy,
        brier=score,
        skill=1 - score / (base * (1 - base)) if score is not None and 0 < base < 1 else None,
        ece=ece(held) if len(held) >= ENOUGH else None,
        risk_coverage=tuple(_covered(held, share) for share in STEPS),
        reliability=tuple(
            Bin(n=len(one), mean=sum(p for p, _ in one) / len(one), share=sum(label for _, label in one) / len(one))
            for one in bins(held, most=5)
        ),
    )


def _covered(held: Pairs, share: float) -> Covered:
    """Accuracy on the surest claims when ``share`` of them is deferred."""
    sure = sorted(held, key=lambda pair: -abs(pair[0] - 0.5))[: round((1 - share) * len(held))]
    right = sum((p >= 0.5) == label for p, label in sure)
    low, high = wilson(right, len(sure)) or (None, None)
    return Covered(deferred=share, n=len(sure), accuracy=right / len(sure) if sure else None, low=low, high=high)
