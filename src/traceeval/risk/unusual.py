"""R-OOD: a call unlike those of the other traces of its application."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from traceeval.graph import Call, Dossier
from traceeval.graph._usual import Suite, Trait, numbers, suite_of, traits
from traceeval.model import Peers, RiskReason
from traceeval.registry import risk_rule
from traceeval.risk._reasons import called, reason

_TIMES = {1: 1.0, 2: 0.7, 3: 0.5}  # a tool hardly anybody calls says more than a form of a value
_NUMBER = 0.5


@dataclass(frozen=True, slots=True)
class _Odd:
    times: float
    call: Call
    text: str


@risk_rule("unusual", id="R-OOD")
def unusual(dossier: Dossier) -> RiskReason | None:
    """A tool, an argument or a form of a value that hardly any other trace of this application shows, or a number far out.

    Against the other traces of the run, by ``[peers]`` of the policy: at most ``share`` of at least ``suite`` of them
    show it; a number lies over ``z`` robust spreads from theirs, on a logarithmic scale. An argument is compared with
    the traces that call its tool, a form with those that give its argument. None where the run was not surveyed, or has
    too few others to compare with: a rare thing among few is no news.
    """
    suite = dossier.usual.suites.get(suite_of(dossier.trace)) if dossier.usual is not None else None
    if suite is None:
        return None
    found = [odd for call in dossier.graph.executed for odd in _odd(call, suite, dossier.policy.peers)]
    if not found:
        return None
    worst = max(found, key=lambda odd: odd.times)
    calls = list({odd.call.span: odd.call for odd in found}.values())
    quotes = [called(call) for call in calls]
    return reason(dossier, "unusual", worst.text, quotes, times=worst.times, calls=calls)


def _odd(call: Call, suite: Suite, peers: Peers) -> Iterator[_Odd]:
    known = True
    counts = suite.traits.get
    for trait in traits(call.name, call.arguments):
        if not known and len(trait) > 1:
            continue
        others = suite.traces - 1 if len(trait) == 1 else counts(trait[:-1], 1) - 1
        same = counts(trait, 1) - 1
        if others >= peers.suite and same <= peers.share * others:
            known = len(trait) > 1
            yield _Odd(_TIMES[len(trait)], call, f"{_told(trait)}, as do {same} of {others} other traces")
    for slot, number in numbers(call.name, call.arguments):
        middle = suite.numbers.get(slot)
        if middle is not None and middle.n > peers.suite and abs(z := middle.z(number)) > peers.z:
            text = f"{call.name}: {slot[1]} lies {abs(z):.1f} spreads from the {middle.n - 1} other values"
            yield _Odd(_NUMBER, call, text)


def _told(trait: Trait) -> str:
    tool, *rest = trait
    if not rest:
        return f"{tool} is called"
    return f"{tool} is given {rest[0]}" + (f" as {rest[1]}" if len(rest) > 1 else "")
