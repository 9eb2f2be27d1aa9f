"""All we know of one trace: what diagnoses and risk rules see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from traceeval.graph._rules import PolicyRule
from traceeval.graph._trace_graph import TraceGraph
from traceeval.graph._usual import Usual
from traceeval.graph.views import AnswerView, CallsView, RetrievalView, StagesView
from traceeval.model import Attribution, Blame, Checked, Finding, Policy, Reference, Score, Suspicion, Trace


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """One trace with everything found so far. ``scores`` is by scorer name; ``checked`` None: no answer to check.

    Diagnoses see ``findings`` of the rules that ran before them (``masked_*`` and subsumption run last); risk rules
    see all of them, ``blame``, and ``suspicion``, which is inferred without gold. ``attribution``: the steps that may have
    decided a failure, None where nothing failed. ``rules``: policy rules people loaded.
    ``usual``: what the other traces of the run look like; None: nobody looked.
    """

    graph: TraceGraph
    scores: Mapping[str, tuple[Score, ...]]
    checked: Checked | None = None
    answer: AnswerView | None = None
    stages: StagesView | None = None
    retrieval: RetrievalView | None = None
    calls: CallsView | None = None
    findings: tuple[Finding, ...] = ()
    blame: tuple[Blame, ...] = ()
    suspicion: Suspicion | None = None
    attribution: Attribution | None = None
    policy: Policy = field(default_factory=Policy)
    rules: tuple[PolicyRule, ...] = ()
    usual: Usual | None = None

    @property
    def trace(self) -> Trace:
        """The trace itself."""
        return self.graph.trace

    @property
    def reference(self) -> Reference | None:
        """What should have happened; None when nobody said."""
        return self.graph.trace.reference

    def score(self, name: str) -> Score | None:
        """The first score of that scorer; None when it did not run."""
        found = self.scores.get(name, ())
        return found[0] if found else None

    def value(self, name: str) -> float | None:
        """Its value; None unless it is scored."""
        score = self.score(name)
        return score.value if score is not None else None
