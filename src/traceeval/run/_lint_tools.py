"""What a ``tools.yaml`` leaves open and which rules each open field would unlock; what in it cannot be right."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from traceeval.graph import Call
from traceeval.graph._infer import infer_effect, properties_of
from traceeval.model import CHANGING, Basis, ToolSpec, Trace
from traceeval.registry import Diagnosis, RiskRule
from traceeval.risk import load_policy
from traceeval.run._examine import Examined, examine
from traceeval.run._setup import DIAGNOSES, RULES, Setup

_OF_ALL = ("effect", "entity", "arg_roles")
_OF_LOOKS = ("volatile", "output_trust", "output_labels")
_OF_CHANGES = ("idempotent", "reversible", "confirm")
_POLICY = ("error_when", "precondition_reads", "after", "scope", "ends", "cost", "parameters")
"""Fields for which "nothing" is a fine answer: told only where a rule answered ``unknown`` for want of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A field nobody declared. ``rules`` rest on it; ``unknown`` of their answers, and ``inferred`` ones, would change.

    ``guess``: what is assumed meanwhile; None: nothing is.
    """

    tool: str
    field: str
    rules: tuple[str, ...]
    guess: str | None = None
    unknown: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something in the file that cannot be right (``error``), or is odd (``warn``)."""

    tool: str
    level: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolRow:
    """One tool: declared or not, its calls in the traces, findings that rest on inference, and what is open."""

    name: str
    declared: bool
    effect: str
    calls: int = 0
    inferred: int = 0
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolLint:
    """The whole file, over ``traces`` traces. ``decided`` of ``asked`` (rule, trace) pairs had no ``unknown`` answer.

    ``unknown``: finding -> traces in which it could not decide.
    """

    rows: tuple[ToolRow, ...]
    problems: tuple[Problem, ...]
    traces: int
    asked: int
    decided: int
    unknown: Mapping[str, int]


@dataclass(slots=True)
class _Seen:
    """What the traces showed of every tool."""

    specs: dict[str, ToolSpec] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)
    arguments: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    unknown: Counter[tuple[str, str]] = field(default_factory=Counter)
    inferred: Counter[str] = field(default_factory=Counter)
    traces: int = 0
    undecided: Counter[str] = field(default_factory=Counter)


def lint_tools(specs: Sequence[ToolSpec], traces: Iterable[Trace] = ()) -> ToolLint:
    """Read annotations against the traces they are for; without traces only what the file itself shows."""
    kit = Setup(policy=load_policy(), tools=tuple(specs)).load()
    seen = _Seen()
    for trace in traces:
        _take(seen, examine(trace, kit))
    known = {spec.name: spec for spec in specs}
    needs = rules_by_field()
    rows = tuple(_row(name, known.get(name), seen, needs) for name in sorted({*known, *seen.specs}))
    asked = seen.traces * len(kit.diagnoses)
    return ToolLint(
        rows=rows,
        problems=tuple(_problems(known, seen)),
        traces=seen.traces,
        asked=asked,
        decided=asked - seen.undecided.total(),
        unknown=dict(sorted(seen.undecided.items())),
    )


def rules_by_field() -> Mapping[str, tuple[str, ...]]:
    """Field of ``ToolSpec`` -> findings and risk rules that rest on it, as they declare."""
    found: dict[str, list[str]] = {}
    rules: list[Diagnosis | RiskRule] = [*DIAGNOSES.all(), *RULES.all()]
    for rule in rules:
        for name in rule.needs:
            found.setdefault(name, []).append(rule.name)
    return {name: tuple(rules) for name, rules in found.items()}


def _take(seen: _Seen, examined: Examined) -> None:
    dossier = examined.dossier
    seen.traces += 1
    seen.undecided.update({finding.code for finding in dossier.findings if finding.state == "unknown"})
    guessed: dict[str, str] = {}
    for call in dossier.graph.calls:
        seen.specs[call.name] = call.spec
        seen.calls[call.name] += call.executed
        seen.arguments[call.name] |= _keys(call)
        if call.spec.basis is Basis.INFERRED or call.spec.guessed:
            guessed.setdefault(call.span, call.name)
    for offered in dossier.graph.book.offered:
        seen.specs.setdefault(offered, dossier.graph.book.spec(offered))
    for finding in dossier.findings:
        for missing in finding.missing:
            tool, _, name = missing.removeprefix("tools.").rpartition(".")
            if missing.startswith("tools."):
                seen.unknown[tool, name] += 1
        tool_of = guessed.get(finding.subject.span or "")
        if tool_of is not None and finding.basis is Basis.INFERRED:
            seen.inferred[tool_of] += 1


def _keys(call: Call) -> set[str]:
    return {str(key) for key in call.arguments} if isinstance(call.arguments, dict) else set()


def _row(name: str, spec: ToolSpec | None, seen: _Seen, needs: Mapping[str, tuple[str, ...]]) -> ToolRow:
    known = seen.specs.get(name) or spec or ToolSpec(name=name)
    gaps = tuple(_gaps(name, spec, known, seen, needs))
    return ToolRow(
        name=name,
        declared=spec is not None,
        effect=known.effect,
        calls=seen.calls[name],
        inferred=seen.inferred[name],
        gaps=gaps,
    )


def _gaps(
    name: str, spec: ToolSpec | None, known: ToolSpec, seen: _Seen, needs: Mapping[str, tuple[str, ...]]
) -> Iterator[Gap]:
    changes = known.effect in CHANGING
    looks = known.effect in ("read", "unknown")
    relevant = (*_OF_ALL, *(_OF_CHANGES if changes else ()), *(_OF_LOOKS if looks else ()))
    for one in (*relevant, *_POLICY):
        unknown = seen.unknown[name, one]
        if (
            _said(spec, one)
            or (one in _POLICY and not unknown)
            or (one == "arg_roles" and not _takes(name, known, seen))
        ):
            continue
        rules = needs.get(one, ())
        if rules or unknown:
            yield Gap(tool=name, field=one, rules=rules, guess=_guess(known, one), unknown=unknown)


def _said(spec: ToolSpec | None, name: str) -> bool:
    return spec is not None and getattr(spec, name) not in (None, "unknown")


def _takes(name: str, known: ToolSpec, seen: _Seen) -> bool:
    return bool(seen.arguments[name] or properties_of(known.parameters)) or not seen.calls[name]


def _guess(known: ToolSpec, name: str) -> str | None:
    value = getattr(known, name)
    if value in (None, "unknown") or (not value and name == "arg_roles"):
        return None
    return "by argument names" if name == "arg_roles" else str(value)


def _problems(known: Mapping[str, ToolSpec], seen: _Seen) -> Iterator[Problem]:
    names = {*known, *seen.specs}
    for spec in known.values():
        for one in ("after", "precondition_reads"):
            for other in sorted(_named(getattr(spec, one)) - names):
                yield Problem(
                    tool=spec.name, level="error", text=f"{one} names {other}, which no file and no trace knows"
                )
        yield from _paths(spec, seen)
        yield from _odd(spec, seen)


def _named(value: Iterable[str | tuple[str, ...]] | None) -> set[str]:
    return {one for item in value or () for one in ((item,) if isinstance(item, str) else item)}


def _paths(spec: ToolSpec, seen: _Seen) -> Iterator[Problem]:
    """Argument paths that neither a schema nor any recorded call has."""
    known = seen.arguments[spec.name] | set(properties_of(getattr(seen.specs.get(spec.name), "parameters", None)))
    known |= set(properties_of(spec.parameters))
    if not known:
        return
    for one, paths in (("entity", spec.entity or ()), ("arg_roles", tuple(spec.arg_roles or ()))):
        for path in paths:
            if path.split(".", 1)[0] not in known:
                has = ", ".join(sorted(known)[:8])
                text = f"{one} names {path}, which no schema and no recorded call has; it has {has}"
                yield Problem(tool=spec.name, level="error", text=text)


def _odd(spec: ToolSpec, seen: _Seen) -> Iterator[Problem]:
    if spec.effect in ("pure", "read"):
        idle = [one for one in _OF_CHANGES if getattr(spec, one) not in (None, "never")]
        if idle:
            yield Problem(
                tool=spec.name, level="warn", text=f"{', '.join(idle)} say nothing of a tool that changes nothing"
            )
        named = infer_effect(spec.name)[0]
        if named in CHANGING:
            text = f"declared {spec.effect}, but its name says {named}; its calls are no changes to any rule"
            yield Problem(tool=spec.name, level="warn", text=text)
    if seen.traces and spec.name not in seen.specs:
        yield Problem(tool=spec.name, level="warn", text="no trace offers or calls it; is its name right?")
