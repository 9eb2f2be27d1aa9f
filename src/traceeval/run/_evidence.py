"""Evidence for a release, whatever wrote it, read into one value of its kind that says when, of which version, and what.

A value is all a decision reads: written beside the decision it lets anybody take the decision again without the folders.
It is no more than that: what people asked and what was answered stays where it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import TypeAlias

import msgspec

from traceeval.errors import ConfigError, InputError, ReviewError
from traceeval.model import (
    ADMISSION,
    COMPARISON,
    Admission,
    Aggregate,
    Change,
    Comparison,
    Held,
    Json,
    TrialOutcome,
    Value,
)
from traceeval.model.release import BenchmarkResult, Layer
from traceeval.run._compare_replays import stated_by
from traceeval.run._fail_under import gated
from traceeval.run._folders import decoded, is_replay, read_replay, read_summary, read_traces
from traceeval.run._journal import MANIFEST, OUTCOMES
from traceeval.run._output import SUMMARY, TRACES
from traceeval.run._people_evidence import PeopleEvidence, people_evidence
from traceeval.run._systems import in_fields, stated

BENCHMARK = "traceeval.benchmark/1"


class _Told(Value, frozen=True, tag_field="kind"):
    """``path``: as the policy names it; ``created``: ISO 8601; ``files``: digests of what was read, by name."""

    path: str
    created: str
    states: Mapping[str, tuple[str, ...]]
    files: Mapping[str, str] = {}


class EvaluationEvidence(_Told, frozen=True, kw_only=True, tag="evaluation"):
    """A folder of ``traceeval evaluate``: its scores, and by which ``checker`` claims were decided."""

    scores: tuple[Aggregate, ...]
    checker: Mapping[str, Json] = {}


class ReplayEvidence(_Told, frozen=True, kw_only=True, tag="replay"):
    """A folder of ``traceeval replay``: the agent's own trials."""

    suite: str
    outcomes: tuple[TrialOutcome, ...]


class ComparisonEvidence(_Told, frozen=True, kw_only=True, tag="comparison"):
    """What ``traceeval compare --json`` printed, about its head. ``asked``: what a decision rests on; ``left_out``: cases."""

    asked: tuple[Change, ...]
    others: tuple[Change, ...] = ()
    units: int
    left_out: int


class AdmissionEvidence(_Told, frozen=True, kw_only=True, tag="admission"):
    """What ``traceeval judge admit`` wrote."""

    admission: Admission


class BenchmarkEvidence(_Told, frozen=True, kw_only=True, tag="benchmark"):
    """The result of a benchmark run elsewhere."""

    result: BenchmarkResult


Evidence: TypeAlias = (
    EvaluationEvidence | ReplayEvidence | ComparisonEvidence | AdmissionEvidence | BenchmarkEvidence | PeopleEvidence
)
KINDS: Mapping[str, tuple[type[Value], ...]] = {
    "benchmarks": (BenchmarkEvidence, EvaluationEvidence, ReplayEvidence),
    "scores": (EvaluationEvidence,),
    "judge": (AdmissionEvidence,),
    "people": (PeopleEvidence,),
    "red_team": (ReplayEvidence, EvaluationEvidence, BenchmarkEvidence),
    "regression": (ComparisonEvidence,),
}
"""What a layer may rest on."""


def kind_of_evidence(kind: type[Value]) -> str:
    """The name of a kind."""
    return str(kind.__struct_config__.tag)


def gather(name: str, layer: Layer) -> dict[str, Evidence | str]:
    """Path -> the evidence there, or why there is none."""
    return {path: _one(name, layer, path) for path in layer.paths}


def _one(name: str, layer: Layer, path: str) -> Evidence | str:
    try:
        found = read_evidence(path, layer.gate.fail_under if layer.gate is not None else ())
    except (InputError, ConfigError, ReviewError) as error:
        return f"missing: {error}"
    except OSError as error:
        return f"missing: {path}: {error.strerror}"
    return found if isinstance(found, KINDS[name]) else _misplaced(name, path, found)


def _misplaced(name: str, path: str, found: Evidence) -> str:
    asked = " or ".join(kind_of_evidence(kind) for kind in KINDS[name])
    return f"missing: {path} holds evidence of the kind {kind_of_evidence(type(found))}; this layer rests on {asked}"


def read_evidence(path: str, asked: Iterable[str] = ()) -> Evidence:
    """The evidence at a path: a folder of ``evaluate`` or ``replay``, a file of ours, or a queue as ``URL#NAME``.

    Args:
        path: where it is.
        asked: outcomes a gate names; those of slices (``any flag@lang=de``) are estimated only when they are named.

    Raises:
        InputError: nothing is there, or nothing that a release can rest on.
        ConfigError: a folder that an older version wrote.
        ReviewError: the queue cannot be read.
    """
    if "://" in path:
        return _queue(path, asked)
    place = Path(path)
    if is_replay(place):
        return _replay(path, place)
    if (place / SUMMARY).is_file():
        return _evaluation(path, place, asked)
    if place.is_file():
        return _file(path, place.read_bytes())
    what = (
        "neither `traceeval evaluate` nor `traceeval replay` finished there" if place.is_dir() else "nothing is there"
    )
    raise InputError(f"{path}: {what}")


def _queue(path: str, asked: Iterable[str]) -> PeopleEvidence:
    from traceeval.review import Store

    url, _, name = path.partition("#")
    by = sorted({one.partition("@")[2].partition("=")[0] for one in asked if "@" in one})
    store = Store(url, create=False)
    try:
        return people_evidence(path, store, name or "default", by)
    finally:
        store.close()


def _replay(path: str, place: Path) -> ReplayEvidence:
    found = read_replay(place)
    told = {name: (value,) for name, value in stated_by(found.manifest).items()}
    return ReplayEvidence(
        path=path,
        created=found.manifest.created,
        states=told,
        files=_digests(place, MANIFEST, OUTCOMES),
        suite=f"{found.manifest.suite} {found.manifest.version}",
        outcomes=tuple(map(_wordless, found.outcomes)),
    )


def _wordless(one: TrialOutcome) -> TrialOutcome:
    """Without what was said in it."""
    assertions = {name: Held(held=told.held) for name, told in one.assertions.items()}
    return msgspec.structs.replace(one, why="", assertions=assertions)


def _evaluation(path: str, place: Path, asked: Iterable[str]) -> EvaluationEvidence:
    summary = read_summary(place)
    told = stated(in_fields(row) for row in read_traces(place, ["fields"])["fields"])
    named = {one.scorer for one in summary.aggregates} | {*asked}
    scores = tuple(msgspec.structs.replace(one, whys={}) for one in gated(summary) if one.scorer in named)
    checker = {"decided_by": summary.checker.get("decided_by", {})}
    return EvaluationEvidence(
        path=path,
        created=summary.created,
        states=told,
        files=_digests(place, SUMMARY, TRACES),
        scores=scores,
        checker=checker,
    )


def _file(path: str, content: bytes) -> Evidence:
    head = decoded(path, content, dict)
    version = head.get("schema_version")
    read = _READERS.get(version) if isinstance(version, str) else None
    if read is None:
        told = f"its schema_version is {version!r}; a release rests on {', '.join(_READERS)}"
        raise InputError(f"{path}: {told}")
    return read(path, content, {Path(path).name: sha256(content).hexdigest()})


def _comparison(path: str, content: bytes, files: Mapping[str, str]) -> ComparisonEvidence:
    made = decoded(path, content, Comparison)
    told = stated([in_fields(made.head.systems)])
    left = made.only_base, made.only_head, made.doubled, made.changed
    return ComparisonEvidence(
        path=path,
        created=made.head.created,
        states=told,
        files=files,
        asked=tuple(map(_caseless, made.changes)),
        others=tuple(map(_caseless, (*made.others, *made.findings))),
        units=made.units,
        left_out=sum(map(len, left)),
    )


def _caseless(one: Change) -> Change:
    """Without the cases it was seen on."""
    return msgspec.structs.replace(one, best=(), worst=())


def _admission(path: str, content: bytes, files: Mapping[str, str]) -> AdmissionEvidence:
    made = decoded(path, content, Admission)
    told = stated([{"judge": made.judge, "judge_prompt": made.prompt, "rubric": made.rubric}])
    return AdmissionEvidence(path=path, created=made.created, states=told, files=files, admission=made)


def _benchmark(path: str, content: bytes, files: Mapping[str, str]) -> BenchmarkEvidence:
    made = decoded(path, content, BenchmarkResult)
    return BenchmarkEvidence(path=path, created=made.created, states=stated([made.system]), files=files, result=made)


_READERS: Mapping[str, Callable[[str, bytes, Mapping[str, str]], Evidence]] = {
    COMPARISON: _comparison,
    ADMISSION: _admission,
    BENCHMARK: _benchmark,
}


def _digests(place: Path, *names: str) -> dict[str, str]:
    return {name: sha256((place / name).read_bytes()).hexdigest() for name in names}
