"""From evidence to the decision to release: each layer's gaps and limits, and one answer.

A gap (missing, too old, of another version) makes the answer ``not decidable``, whatever else fails: a layer nobody knows
anything about is no reason to release, and none not to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TypeAlias

import msgspec

from traceeval import __version__
from traceeval.errors import ConfigError
from traceeval.model import Admission
from traceeval.model.gate import GateLine, GateState
from traceeval.model.release import (
    RELEASE,
    Answer,
    EvidenceRow,
    Layer,
    LayerState,
    ReleaseDecision,
    ReleasePolicy,
    Standing,
)
from traceeval.run._evidence import AdmissionEvidence, EvaluationEvidence, Evidence, gather, kind_of_evidence
from traceeval.run._layer_gates import asked_of, asks_nothing, held, limits_of, measured_share
from traceeval.run._systems import NOT_STATED

Gathered: TypeAlias = Mapping[str, Mapping[str, Evidence | str]]
"""Layer -> path -> the evidence there, or why there is none."""
SKEW = timedelta(minutes=5)
"""How far the clocks of two machines may lie apart."""
DAY = timedelta(days=1)


def gather_all(policy: ReleasePolicy) -> Gathered:
    """Read everything a policy names. What cannot be read is a gap, told in words."""
    return {name: gather(name, layer) for name, layer in policy.layers if layer is not None and not layer.waived}


@dataclass(frozen=True, slots=True, kw_only=True)
class Policed:
    """A policy with the bytes it was written as."""

    policy: ReleasePolicy
    source: bytes


def decide(asked: Policed, gathered: Gathered, *, at: datetime) -> ReleaseDecision:
    """The decision over all layers. ``at``: the moment ages are counted for, with an offset.

    Raises:
        ConfigError: the policy names no version, so that no evidence could be told from another version's.
    """
    policy = asked.policy
    if not policy.version:
        raise ConfigError(
            "which version is decided on? name it under `version:` or with --version, e.g. release=1.4.0 as traces state "
            "it, or agent_sha256=… as replays do"
        )
    admissions = _admissions(gathered.get("judge", {}))
    stands = [
        _stand(name, layer, gathered.get(name, {}), policy.version, at, admissions) for name, layer in policy.layers
    ]
    return ReleaseDecision(
        schema_version=RELEASE,
        answer=_answer([one.state for one in stands]),
        at=at.isoformat(timespec="seconds"),
        version=policy.version,
        layers=tuple(stands),
        policy_sha256=sha256(asked.source).hexdigest(),
        traceeval=__version__,
    )


def _answer(states: Sequence[LayerState]) -> Answer:
    if "open" in states:
        return "not decidable"
    return "do not release" if "fails" in states else "release"


def _admissions(judges: Mapping[str, Evidence | str]) -> list[Admission]:
    return [one.admission for one in judges.values() if isinstance(one, AdmissionEvidence)]


def _stand(
    name: str,
    layer: Layer | None,
    found: Mapping[str, Evidence | str],
    version: Mapping[str, str],
    at: datetime,
    admissions: Sequence[Admission],
) -> Standing:
    if layer is None:
        return Standing(
            layer=name, state="open", gaps=(f"missing: the policy names no evidence; add {name}, or waive it",)
        )
    if layer.waived:
        return Standing(layer=name, state="waived", waived=layer.waived)
    there = {path: found.get(path, f"missing: {path}: nothing is there") for path in layer.paths}
    evidence = [one for one in there.values() if not isinstance(one, str)]
    gaps = [one for one in there.values() if isinstance(one, str)]
    gaps += [gap for one in evidence for gap in (*_age_gaps(one, layer, at), *_version_gaps(one, version))]
    gaps += _unanswered(layer, evidence)
    lines = [line for one in evidence for line in _lines(layer, one, evidence, admissions)]
    return Standing(
        layer=name,
        state=_state(gaps, lines),
        gaps=tuple(gaps),
        lines=tuple(lines),
        evidence=tuple(_row(name, number, layer, one, at) for number, one in enumerate(evidence, 1)),
        max_age_days=layer.max_age_days,
        min_coverage=layer.min_coverage,
    )


def _state(gaps: Sequence[str], lines: Sequence[GateLine]) -> LayerState:
    """What is not known leaves a layer open, whatever else of it fails."""
    states = {line.state for line in lines}
    if gaps or not lines or "undecided" in states:
        return "open"
    return "fails" if "failed" in states else "holds"


def _age(one: Evidence, at: datetime) -> timedelta | None:
    """None: it does not say when it was made."""
    try:
        made = datetime.fromisoformat(one.created)
    except ValueError:
        return None
    return at - made if made.tzinfo is not None else None


def _age_gaps(one: Evidence, layer: Layer, at: datetime) -> Iterator[str]:
    age, most = _age(one, at), layer.max_age_days or 0.0
    if age is None:
        yield f"stale: {one.path} does not say when it was made; make it again"
    elif age < -SKEW:
        yield f"stale: {one.path} was made at {one.created}, after the moment that is decided for"
    elif age > most * DAY:
        yield f"stale: {one.path} is {age / DAY:.1f} days old, at most {most:g} are allowed; make it again"


def _version_gaps(one: Evidence, version: Mapping[str, str]) -> Iterator[str]:
    shared = [name for name in version if name in one.states]
    if not shared:
        asked, told = ", ".join(version), ", ".join(one.states) or "nothing"
        yield f"other version: {one.path} does not say which it is about: {asked} is asked for, it states {told}"
    for name in shared:
        others = [value for value in one.states[name] if value not in (version[name], NOT_STATED)]
        wrong = [f"is about {name} {', '.join(others[:3])}"] if others else []
        wrong += ["in part does not state it"] if NOT_STATED in one.states[name] else []
        if wrong:
            yield f"other version: {one.path} {' and '.join(wrong)}; decided on is {name} {version[name]}"


def _unanswered(layer: Layer, evidence: Sequence[Evidence]) -> Iterator[str]:
    """Limits that no evidence here could answer: what is asked and not known is a gap."""
    if layer.gate is None or not evidence:
        return
    for name in sorted(layer.gate.limits - {limit for one in evidence for limit in limits_of(layer.gate, one)}):
        kinds = ", ".join(sorted({kind_of_evidence(type(one)) for one in evidence}))
        yield f"missing: nothing here answers {name}; its evidence is of the kind {kinds}"
    for one in evidence:
        if asks_nothing(asked_of(layer.gate, one, evidence), one):
            yield f"missing: the gate asks nothing that {one.path} measured; name it there, or leave this evidence out"


def _lines(
    layer: Layer, one: Evidence, beside: Sequence[Evidence], admissions: Sequence[Admission]
) -> Iterator[GateLine]:
    """Its gate, limit by limit. ``beside``: all evidence of the layer; where there is more than one, lines name theirs."""
    asked = asked_of(layer.gate, one, beside)
    lines = list(held(layer, asked, one, admissions))
    coverage = measured_share(asked, one)
    if coverage is not None and not isinstance(one, EvaluationEvidence):  # whose every score is held to it already
        told = f"{coverage:.3f} of what should have been measured was, at least {layer.min_coverage:g}"
        state: GateState = "held" if coverage >= layer.min_coverage else "failed"
        lines.append(GateLine(name="coverage", state=state, why=told))
    for line in lines:
        yield msgspec.structs.replace(line, name=f"{line.name} ({one.path})") if len(beside) > 1 else line


def _row(name: str, number: int, layer: Layer, one: Evidence, at: datetime) -> EvidenceRow:
    age = _age(one, at)
    return EvidenceRow(
        path=one.path,
        kind=kind_of_evidence(type(one)),
        file=f"evidence/{name}-{number}.json",
        sha256=sha256(kept(one)).hexdigest(),
        created=one.created,
        age_days=None if age is None else round(age / DAY, 3),
        states=one.states,
        coverage=measured_share(layer.gate, one),
    )


def kept(one: Evidence) -> bytes:
    """Evidence as the bytes that are kept of it: the same for the same evidence, in ASCII: no character acts."""
    import json

    told = msgspec.json.decode(msgspec.json.encode(one))
    return json.dumps(told, sort_keys=True, separators=(",", ":")).encode("ascii") + b"\n"
