"""What one ``evaluate`` found, as ``summary.json`` holds it and every report shows it."""

from __future__ import annotations

from collections.abc import Mapping

from traceeval.model._value import Json, Value
from traceeval.model.answering import FallbackRow, PositionCurve, ReplayTotals
from traceeval.model.score import Aggregate, Rate
from traceeval.model.slices import Slices
from traceeval.model.trace import Basis, Component, Diagnostic


class InputFile(Value, frozen=True):
    """One file that was read, with what came of it. ``kept + folded + dropped`` accounts for every record."""

    uri: str
    format: str
    dialect: str | None = None
    records: int = 0
    spans: int = 0
    traces: int = 0
    kept: Mapping[str, int] = {}
    folded: Mapping[str, int] = {}
    dropped: Mapping[str, int] = {}


class Waterfall(Value, frozen=True):
    """Mean loss per stage over the ``n`` traces whose stages are all scored; the terms add up to ``total``.

    ``middle`` is ``rerank`` or, without any rerank span, ``ranking``. ``n_assembly_failed``: prompts not recorded.
    ``parts``: the retrieval term by corpus, recall, query, filter, fusion, which add up to it; empty when no trace
    records more than one list. ``searches``: the recall part by retriever, which add up to it; empty without several.
    """

    k: int
    n: int
    total: float | None
    retrieval: float | None
    rerank: float | None
    assembly: float | None
    middle: str = "rerank"
    n_assembly_failed: int = 0
    parts: Mapping[str, float] = {}
    searches: Mapping[str, float] = {}


class MaskedRow(Value, frozen=True):
    """One component against the end result: counts, rates, who compensated, and example traces of each cell.

    ``cells``: ``STATE_OUTCOME``. The state of the component is ``failed``, ``passed``, or that of its scores:
    ``score_failed``, ``undefined``, ``not_applicable``, which are no passes; the end result is ``passed``, ``failed`` or
    ``unknown``. ``failed_passed`` is masked. ``masked``: share of right end results; ``unmasked``: share of failures
    that ended wrong; ``compensated``: each compensator's share of the masked failures.
    """

    component: Component
    cells: Mapping[str, int]
    masked: Rate
    unmasked: Rate
    compensators: Mapping[str, int] = {}
    compensated: Mapping[str, Rate] = {}
    examples: Mapping[str, tuple[str, ...]] = {}


class FindingRow(Value, frozen=True):
    """One finding code over all traces: defects, traces where it could not be decided, and traces in all."""

    code: str
    component: Component
    severity: int
    defects: int
    unknown: int
    traces: int
    masked: int = 0
    inferred: int = 0
    missing: Mapping[str, int] = {}
    examples: tuple[str, ...] = ()


class ComponentRow(Value, frozen=True):
    """One component: its scores, how many traces passed, failed or stayed unknown, its blame and what it cost.

    ``blame``: sum of shares. ``cost`` None with ``cost_why`` when a price is unknown. Latency in seconds.
    """

    component: Component
    scores: tuple[Aggregate, ...]
    passed: int = 0
    failed: int = 0
    unknown: int = 0
    blame: float = 0.0
    masked: int = 0
    spans: int = 0
    tokens_in: int | None = None
    tokens_out: int | None = None
    cost: float | None = None
    cost_why: str = ""
    latency_p50: float | None = None
    latency_p95: float | None = None
    latency_n: int = 0


class GoldAdvice(Value, frozen=True):
    """Scores that need gold which is not there: which gold, for how many traces, and what labels would buy."""

    needs: str
    scorers: tuple[str, ...]
    traces: int
    labels: int
    text: str


class SuspectRow(Value, frozen=True):
    """How often one component is the first and the second suspect, the signals that named it, and example traces."""

    component: Component
    first: int
    second: int
    signals: Mapping[str, int] = {}
    examples: tuple[str, ...] = ()


class Suspects(Value, frozen=True):
    """Whom the record alone makes suspect, inferred, with gold looked at only to say how far that may be trusted.

    ``traces`` = ``suspected`` + all ``abstained``. ``symptoms``: what made anybody suspect. ``agreed_first``, ``agreed``:
    of the traces in which gold tells which component lost the answer, the share where it is the first, or one of the
    two; an abstention does not agree. ``alarms``: of the traces in which gold finds nothing wrong with these
    components, the share that has suspects all the same.
    """

    basis: Basis
    traces: int
    suspected: int
    rows: tuple[SuspectRow, ...]
    symptoms: Mapping[str, int]
    abstained: Mapping[str, int]
    agreed_first: Rate
    agreed: Rate
    alarms: Rate


class Attributed(Value, frozen=True):
    """Of how many failed traces steps are named that may have decided it, and why none is in the others."""

    failed: int
    attributed: int
    abstained: Mapping[str, int] = {}


class QueueRow(Value, frozen=True):
    """What went to people: frame, drawn, by which reason. ``added`` is what this run added; ``called``: by a trigger."""

    url: str
    queue: str
    frame: int
    drawn: int
    added: int
    must_see: int
    by_level: int
    random: int
    called: int = 0
    reasons: Mapping[str, int] = {}


class Summary(Value, frozen=True):
    """Everything a report says about one run."""

    schema_version: str
    version: str
    created: str
    traces: int
    spans: int
    folded: int
    revised: int
    inputs: tuple[InputFile, ...]
    diagnostics: Mapping[str, int]
    examples: tuple[Diagnostic, ...]
    components: tuple[ComponentRow, ...]
    aggregates: tuple[Aggregate, ...]
    waterfall: Waterfall | None
    masked: tuple[MaskedRow, ...]
    fragility: Rate
    outcome: Rate
    findings: tuple[FindingRow, ...]
    gold: tuple[GoldAdvice, ...]
    checker: Mapping[str, Json]
    tools: Mapping[str, Json]
    imported: Mapping[str, int]
    queue: QueueRow | None = None
    suspects: Suspects | None = None
    attributed: Attributed | None = None
    risk_levels: Mapping[str, int] = {}
    failures: Mapping[str, int] = {}
    unused_gold: tuple[str, ...] = ()
    slices: Slices | None = None
    fallback: tuple[FallbackRow, ...] = ()
    positions: PositionCurve | None = None
    replays: ReplayTotals | None = None
