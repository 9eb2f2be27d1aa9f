"""One trace through every stage: the only file that knows their order.

trace -> graph -> views -> claims -> scores -> findings -> masked failures -> blame -> suspects
-> attribution -> risk
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from typing import Any, TypeAlias, TypeVar

import msgspec

from traceeval.diagnose import attribute, blame, mask, subsume, suspect
from traceeval.errors import TraceevalError
from traceeval.graph import Dossier, TraceGraph, Views, build_views
from traceeval.graph.views import AnswerView, CallsView, Reading, RetrievalView, StagesView
from traceeval.judge import Ask, drive
from traceeval.model import Checked, Finding, Risk, RiskReason, Score, Subject, Trace
from traceeval.risk import assess
from traceeval.run._setup import Kit, Runner

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """All that was found about one trace. ``failures``: plug-ins that raised, as ``name: error``."""

    dossier: Dossier
    risk: Risk
    failures: tuple[str, ...] = ()

    @property
    def trace(self) -> Trace:
        """The trace that was examined."""
        return self.dossier.trace

    @property
    def scores(self) -> list[Score]:
        """Every score, scorer by scorer."""
        return list(chain.from_iterable(self.dossier.scores.values()))


def examine(trace: Trace, kit: Kit) -> Examined:
    """Score, diagnose and rank one trace. A plug-in that raises costs its own result, never the run."""
    ((_, examined),) = examine_together((trace,), kit)
    if isinstance(examined, Exception):
        raise examined
    return examined


def examine_together(traces: Iterable[Trace], kit: Kit) -> list[tuple[Trace, Examined | Exception]]:
    """Several traces, a step of each at a time: the same as one after the other, and faster.

    What a plug-in reads and runs is at hand for the next trace before other plug-ins displace it from the processor's
    memory. A mistake of ours stands in the place of what the trace would have come to.

    Raises:
        TraceevalError: raised on purpose by any of them.
    """
    works: list[_Work] = []
    for trace in traces:  # the first step at once: a trace may just have been made
        works.append(work := _Work(trace, _steps(trace, kit)))
        work.step()
    left = [work for work in works if work.found is None]
    while left:
        left = [work for work in left if work.step()]
    return [(work.trace, work.found) for work in works if work.found is not None]


@dataclass(slots=True)
class _Work:
    """One of several traces on its way."""

    trace: Trace
    steps: _Steps[Examined]
    found: Examined | Exception | None = None

    def step(self) -> bool:
        """Take a step; whether there is another."""
        try:
            next(self.steps)
            return True
        except StopIteration as end:
            self.found = end.value
        except TraceevalError:
            raise
        except Exception as error:  # a mistake of ours costs this trace, never the others
            self.found = error
        return False


_Steps: TypeAlias = Generator[None, None, T]
"""Pauses behind every plug-in, so that other traces can take the same step."""


def _steps(trace: Trace, kit: Kit) -> _Steps[Examined]:
    failures: list[str] = []
    had_documents = trace.reference is not None and trace.reference.judged is not None
    graph = TraceGraph(_without_documents(trace) if kit.setup.mismatch else trace, kit.book())
    views = build_views(graph)
    yield
    checked = _checked(views.answer, kit)
    views = _asked_again(views, checked, kit)
    yield
    scores = yield from _scores(graph, views, kit, failures, mismatch=kit.setup.mismatch and had_documents)
    known = partial(
        Dossier,
        graph=graph,
        scores=scores,
        checked=checked,
        answer=views.answer,
        stages=views.stages,
        retrieval=views.retrieval,
        calls=views.calls,
        policy=kit.policy,
        usual=kit.setup.usual,
    )
    found = subsume((yield from _findings(known(), kit, failures)), kit.weaker)
    dossier = known(findings=found)
    masked = mask(dossier)
    if masked is not found:
        found = subsume(masked, kit.weaker)
        dossier = known(findings=found)
    dossier = known(findings=found, blame=blame(dossier), suspicion=suspect(dossier), attribution=attribute(dossier))
    yield
    reasons = yield from _reasons(dossier, kit, failures)
    risk = assess(trace.id, tuple(reasons), kit.policy)
    return Examined(dossier=dossier, risk=risk, failures=tuple(failures))


def expect(trace: Trace, kit: Kit) -> None:
    """Have the claims of a trace judged before it is examined."""
    graph = TraceGraph(_without_documents(trace) if kit.setup.mismatch else trace, kit.book())
    view = build_views(graph).answer
    ask = _ask(view)
    if ask is None:
        return
    kit.desk.expect(ask)
    for runner in kit.scorers:
        try:
            for question in runner.scorer.ahead(view, **runner.options) if runner.scorer.ahead is not None else ():
                kit.desk.expect(question)
        except Exception:  # told when the scorer itself runs: looking ahead costs nobody the run
            continue


def _ask(view: AnswerView | None) -> Ask | None:
    if view is None or view.answer is None or view.passages is None:
        return None
    return Ask.supports(view.answer, view.passages, view.question, view.system)


def _without_documents(trace: Trace) -> Trace:
    """Gold ids of another namespace judge nothing: findings must not rest on them."""
    if trace.reference is None or trace.reference.judged is None:
        return trace
    bare = msgspec.structs.replace(trace.reference, documents=None, spanned=None, absent=None)
    return msgspec.structs.replace(trace, reference=bare)


def _checked(view: AnswerView | None, kit: Kit) -> Checked | None:
    ask = _ask(view)
    return kit.desk.answer(ask) if ask is not None else None


def _asked_again(views: Views, checked: Checked | None, kit: Kit) -> Views:
    """The views with what a replayer answers without some of the context, where one is attached."""
    if kit.again is None or views.answer is None:
        return views
    return replace(views, answer=replace(views.answer, replays=kit.again.ask(views.answer, checked)))


def _scores(
    graph: TraceGraph, views: Views, kit: Kit, failures: list[str], *, mismatch: bool
) -> _Steps[dict[str, tuple[Score, ...]]]:
    seen: dict[type, Any] = {
        RetrievalView: views.retrieval,
        StagesView: views.stages,
        AnswerView: views.answer,
        CallsView: views.calls,
        TraceGraph: graph,
    }
    about = Subject(trace=graph.trace.id)
    scores: dict[str, tuple[Score, ...]] = {}
    for runner in kit.scorers:
        sees = runner.scorer.sees
        view = seen[sees]
        if mismatch and sees in (RetrievalView, StagesView):
            found: Reading | tuple[Reading, ...] = _MISMATCH
        elif view is None:
            found = _NOT_RECORDED[sees]
        else:
            found = _asked(runner, view, kit, failures)
        if isinstance(found, tuple):
            scores[runner.name] = tuple([_as_score(runner, about, reading) for reading in found])
        else:
            scores[runner.name] = (_as_score(runner, about, found),)
        yield
    return scores


_MISMATCH = Reading.failed("id_mismatch: no gold document id looks like a hit's id")
_NOT_RECORDED = {
    sees: Reading.not_applicable(f"not_recorded: no {noun}")
    for sees, noun in {
        RetrievalView: "retrieval",
        StagesView: "retrieval or rerank",
        AnswerView: "answer",
        CallsView: "tool call",
        TraceGraph: "trace",
    }.items()
}


def _asked(runner: Runner, view: Any, kit: Kit, failures: list[str]) -> Reading | tuple[Reading, ...]:
    """What a scorer says of a view."""
    try:
        value = runner.call(view)
        if runner.asks:
            value = drive(value, kit.desk)
        if isinstance(value, Reading):
            return value
        return tuple(map(_as_reading, value)) if isinstance(value, tuple) else _as_reading(value)
    except Exception as error:  # the one place where a plug-in's failure becomes a value
        failures.append(f"{runner.name}: {type(error).__name__}: {error}")
        return Reading.failed(f"plugin_failed: {type(error).__name__}: {error}")


def _as_reading(value: Reading | float | None) -> Reading:
    if isinstance(value, Reading):
        return value
    return _DOES_NOT_ARISE if value is None else Reading.scored(value)


_DOES_NOT_ARISE = Reading.not_applicable("not_applicable: the question does not arise")


def _as_score(runner: Runner, about: Subject, reading: Reading) -> Score:
    bounds = reading.bounds
    if bounds is None and reading.status == "failed":
        bounds = runner.scorer.range
    return Score(
        scorer=runner.name,
        subject=about if reading.span is None else Subject(trace=about.trace, span=reading.span),
        status=reading.status,
        value=reading.value,
        why=reading.why,
        bounds=bounds,
        evidence=reading.evidence,
        units=reading.units,
    )


def _findings(dossier: Dossier, kit: Kit, failures: list[str]) -> _Steps[list[Finding]]:
    found: list[Finding] = []
    for diagnosis in kit.diagnoses:
        try:
            found += tuple(diagnosis.call(dossier))
        except Exception as error:  # as above: said, counted, and the other rules go on
            failures.append(f"{diagnosis.name}: {type(error).__name__}: {error}")
        yield
    return found


def _reasons(dossier: Dossier, kit: Kit, failures: list[str]) -> _Steps[list[RiskReason]]:
    found: list[RiskReason] = []
    for rule in kit.rules:
        try:
            reason = rule.call(dossier)
        except Exception as error:  # as above
            failures.append(f"{rule.name}: {type(error).__name__}: {error}")
        else:
            if reason is not None:
                found.append(reason)
        yield
    return found
