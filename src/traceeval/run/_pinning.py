"""From production to a suite: what of a trace was right and what was wrong, told by findings, and pinned as a scenario."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from traceeval.errors import ConfigError
from traceeval.measures.safe_text import inline
from traceeval.model import Component, Finding, Trace, trace_hash
from traceeval.replay.pinned import Asked, Mock, Pinned, calls_of, pin, write_pinned
from traceeval.run._examine import examine
from traceeval.run._setup import Kit

if TYPE_CHECKING:
    from traceeval.review import Failure, RegressionPin

SEVERE = 3
"""From this severity on a finding says that something was wrong."""
_BETTER = frozenset({"tool.missing_argument", "tool.missing_call", "tool.order_violation"})
"""The call was right to make, only not so: to forbid it would forbid the mended one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToPin:
    """A trace and what people said of it. ``blamed``: spans they blamed; ``wrong``: tools whose calls they call wrong.

    ``failed``: they called it wrong, so something has to say where.
    """

    trace: Trace
    note: str
    blamed: frozenset[str] = frozenset()
    wrong: frozenset[str] = frozenset()
    failed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PinnedSuite:
    """What was pinned. ``made``: hash of a trace -> (scenario, file); ``left_out``: trace -> why nothing could be asked."""

    written: tuple[Path, ...]
    made: Mapping[str, tuple[str, Path]] = field(default_factory=dict)
    left_out: Mapping[str, str] = field(default_factory=dict)


def pin_traces(traces: Iterable[ToPin], kit: Kit, folder: str | Path, mock: Mock | None = None) -> PinnedSuite:
    """Pin each trace. ``mock``: stateful tools instead of a tape.

    Raises:
        ConfigError: nothing could be pinned.
        OutputExists: one of them is pinned already; nothing is written then.
    """
    from traceeval.review.redact import redact_text  # the review room costs a database library

    made: dict[str, Pinned] = {}
    left: dict[str, str] = {}
    for one in traces:
        try:
            made[trace_hash(one.trace)] = pin(one.trace, _asked(one, kit), redact_text, mock)
        except ConfigError as error:
            left[one.trace.id] = str(error)
    if not made:
        why = "; ".join(list(left.values())[:3])
        raise ConfigError(f"nothing was pinned: {why or 'there is no such trace'}")
    written = write_pinned(folder, list(made.values()))
    told = {sha: (one.name, path) for (sha, one), path in zip(made.items(), written, strict=True)}
    return PinnedSuite(written=written, made=told, left_out=left)


def pins_of(found: Iterable[Failure], pinned: PinnedSuite) -> Iterator[RegressionPin]:
    """A pin of each decision whose trace became a scenario, with the digest of its file as it lies there now."""
    from traceeval.review import RegressionPin

    for one in found:
        made = pinned.made.get(trace_hash(one.trace))
        if made is not None:
            scenario, path = made
            yield RegressionPin(
                decision=one.decision,
                scenario=scenario,
                expected=one.marks,
                threshold=one.passes,
                sha256=sha256(path.read_bytes()).hexdigest(),
            )


def _asked(one: ToPin, kit: Kit) -> Asked:
    """The calls before the first wrong one have to be made again; wrong ones never; what the answer made up is not said."""
    calls = {span.id: span for span in calls_of(one.trace)}
    findings = [found for found in examine(one.trace, kit).dossier.findings if _stands(found)]
    why = dict(_wrong(findings, frozenset(calls)))
    why |= {id: one.note for id, span in calls.items() if id in one.blamed or span.name in one.wrong}
    unsaid = () if why else tuple(dict.fromkeys(_made_up(findings)))
    if one.failed and not why and not unsaid:
        raise ConfigError(
            f"trace {inline(one.trace.id, 60)}: people called it wrong, but neither they nor a finding say which call or "
            "which words; pin it with `scenario from-trace --wrong TOOL`, or write its assertions by hand"
        )
    ids = list(calls)
    first = next((place for place, id in enumerate(ids) if id in why), len(ids))
    right = tuple(id for id in ids[:first] if calls[id].error is None)
    tags = tuple(sorted({found.code for found in findings if found.subject.span in why}))
    wrong = tuple(id for id in ids if id in why)
    return Asked(right=right, wrong=wrong, unsaid=unsaid, why=why, note=one.note, tags=tags)


def _stands(one: Finding) -> bool:
    return one.state == "defect" and one.severity >= SEVERE and not one.subsumed_by


def _wrong(findings: Iterable[Finding], calls: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Span of a wrong call -> the findings about it."""
    told: dict[str, list[str]] = {}
    for one in findings:
        if one.subject.span in calls and one.component in (Component.TOOL, Component.GUARD) and one.code not in _BETTER:
            told.setdefault(str(one.subject.span), []).append(f"{one.code}: {one.text}")
    for span, reasons in told.items():
        yield span, inline("; ".join(reasons), 300)


def _made_up(findings: Iterable[Finding]) -> Iterator[str]:
    """Words of the answer that a finding about it quotes."""
    for one in findings:
        if one.component is Component.GENERATOR:
            yield from (quote.quote for quote in one.evidence if quote.field == "answer" and quote.quote)
