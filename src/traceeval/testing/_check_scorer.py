"""The contract of every score: run over all that are registered, ours and a stranger's."""

from __future__ import annotations

import math
from importlib.util import find_spec

from traceeval.graph import TraceGraph
from traceeval.graph.views import Reading
from traceeval.judge import Desk, drive
from traceeval.judge.checkers.lexical import LexicalChecker
from traceeval.model import CallSpec, Forbidden, Reference, StateSpec, Trace
from traceeval.registry import Registry, Scorer
from traceeval.testing._builders import call, model, rerank, retrieval, trace, user

_KB = (("d1", "The Nile is 6650 km long."), ("d2", "The Amazon is 6400 km long."))
_WORLD = Reference(
    calls=(
        CallSpec(tool="look", id="a", max=None),
        CallSpec(tool="put", args={"x": {"$ref": "a.result"}}, after=("a",)),
    ),
    forbidden=(Forbidden(tool="look"),),
    state={"x": 1},
    reached=(StateSpec(path="x", value=1),),
)
_GOLD = Reference(documents={"d1": 2, "d2": 0}, answer=("6650 km",), calls=(CallSpec(tool="look", args={"x": 1}),))


def check_scorer(name: str) -> None:
    """Score whole, empty and damaged traces. One that needs an extra we lack, or an endpoint, is looked up and no more.

    Raises:
        AssertionError: a value outside the declared range, not finite, or without its status; a name or docstring
            that is missing. Anything else the score itself raises.
    """
    scorer = Registry("traceeval.scorers", Scorer).get(name)
    if not scorer.doc:
        raise AssertionError(f"{name}: the first line of the docstring says what it is")
    if scorer.must or (scorer.requires is not None and find_spec(scorer.requires) is None):
        return
    for sample in samples():
        for reading in _read(scorer, sample):
            _check(name, scorer, reading)


def samples() -> list[Trace]:
    """A whole trace, the same without gold, without contents, and nothing at all."""
    whole = (
        user("How long is the Nile?"),
        retrieval(*_KB),
        rerank(_KB, _KB[:1]),
        call("look", {"x": 1}, "ok"),
        model("The Nile is 6650 km long.", prompt=[("system", "[d1] The Nile is 6650 km long.")]),
    )
    return [
        trace(*whole, reference=_GOLD),
        trace(*whole),
        trace(*whole, reference=Reference(documents={}, answer=(), claims=(), calls=())),
        trace(retrieval(), model(None), reference=_GOLD),
        trace(call("look", None, raw="{"), reference=_GOLD),
        trace(call("look", {"x": 1}, "ok"), call("put", {"x": "ok"}, "ok"), reference=_WORLD, state={"x": 2}),
        trace(call("put", {}, None), reference=_WORLD),
        trace(model("I don't know."), reference=Reference(answerable=False)),
        trace(),
    ]


def _read(scorer: Scorer, sample: Trace) -> list[Reading | float | None]:
    from traceeval.graph import build_views

    graph = TraceGraph(sample)
    views = build_views(graph)
    seen = {
        "TraceGraph": graph,
        "RetrievalView": views.retrieval,
        "StagesView": views.stages,
        "AnswerView": views.answer,
        "CallsView": views.calls,
    }[scorer.sees.__name__]
    if seen is None:
        return []
    found = scorer.call(seen)
    result = drive(found, Desk(LexicalChecker())) if hasattr(found, "send") else found
    return list(result) if isinstance(result, tuple) else [result]


def _check(name: str, scorer: Scorer, reading: Reading | float | None) -> None:
    if reading is None:
        return
    found = reading if isinstance(reading, Reading) else Reading.scored(reading)
    if (found.value is None) != (found.status != "scored"):
        raise AssertionError(f"{name}: a value is there if and only if the status is scored: {found}")
    low, high = scorer.range or (-math.inf, math.inf)
    numbers = [found.value, *(found.bounds or ())]
    for number in numbers:
        if number is not None and not (math.isfinite(number) and low - 1e-9 <= number <= high + 1e-9):
            raise AssertionError(f"{name}: {number} is not a finite number within {scorer.range}: {found}")
    if found.status != "scored" and ":" not in found.why:
        raise AssertionError(f"{name}: why is 'code: text', not {found.why!r}")
