"""BUD-1: more was spent than was allowed, or than others spent on the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from traceeval.diagnose._calls import at_span, undecided
from traceeval.graph import Dossier, spent
from traceeval.model import Component, Evidence, Finding
from traceeval.registry import diagnosis

CODE = "planner.budget"
_NEEDS = {"tokens": "span.usage", "cost": "span.usage.cost", "seconds": "span.start"}


@diagnosis(CODE, severity=2, id="BUD-1")
def budget(dossier: Dossier) -> Iterator[Finding]:
    """Steps, tokens, cost or seconds over the ``[budget]`` of the policy file, or far over what its scenario takes.

    Steps are model calls and tool calls; seconds run from the first start to the last end. Far over: more than
    ``peers.z`` robust spreads above the median of the scenario's traces in this run. Something of a budgeted quantity
    was not recorded: unknown, unless what was recorded is over already. Under ``peers.scenario`` other traces of the
    scenario: unknown too. No budget and no scenario, no question.
    """
    if not dossier.trace.spans or not (dossier.policy.budget or dossier.trace.scenario is not None):
        return
    used = spent(dossier.graph.steps)
    over = {name for name, most in dossier.policy.budget.items() if used[name][0] > most}
    for name in sorted(over):
        text = f"{used[name][0]:g} {name}, {dossier.policy.budget[name]:g} allowed"
        yield _too_much(dossier, name, used[name][0], text)
    for name in dossier.policy.budget:
        if name not in over and not used[name][1]:
            text = f"whether the budget of {name} was kept is unknown"
            yield undecided(dossier, CODE, Component.PLANNER, 2, text, _NEEDS[name])
    if dossier.trace.scenario is not None:
        whole = {name: value for name, (value, known) in used.items() if known and name not in over}
        yield from _against_peers(dossier, dossier.trace.scenario, whole)


def _against_peers(dossier: Dossier, scenario: str, used: Mapping[str, float]) -> Iterator[Finding]:
    """Quantities far over the scenario's middle; what too few others recorded is unknown, all of it in one finding."""
    middles = dossier.usual.scenarios.get(scenario, {}) if dossier.usual is not None else {}
    peers = dossier.policy.peers
    few = [name for name in used if name not in middles or middles[name].n <= peers.scenario]
    for name, value in used.items():
        if name not in few and middles[name].z(value) > peers.z:
            middle = middles[name]
            text = f"{value:g} {name}, {middle.median:g} is the median of {middle.n} traces of {scenario!r}"
            yield _too_much(dossier, name, value, text)
    if few:
        text = f"whether {', '.join(few)} are usual is unknown: under {peers.scenario} other traces of {scenario!r}"
        yield undecided(dossier, CODE, Component.PLANNER, 2, text, "peers")


def _too_much(dossier: Dossier, name: str, used: float, text: str) -> Finding:
    root = dossier.trace.spans[0].id
    quote = Evidence(span=root, field=name, quote=f"{used:g}")
    return at_span(dossier, CODE, Component.PLANNER, 2, root, text, quote, key=f"budget:{name}")
