"""Assertions of a scenario that are no score: flows, the answer's words, policy rules, what was spent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from traceeval.graph import Dossier
from traceeval.graph._patterns import fits, flows_into
from traceeval.graph._speech import claims_done
from traceeval.measures.facts import states
from traceeval.measures.matchers import matcher_of
from traceeval.measures.patterns import found_in
from traceeval.measures.values import fold_free
from traceeval.model import Forbidding, Held, Json, Ruling, text_of
from traceeval.model.assertions import AnswerRule, Spent

_MOST = 100_000


def none_happened(patterns: Iterable[Forbidding], dossier: Dossier) -> Held:
    """None of these calls was made, failed ones included, and none of these flows is there."""
    found = list(_hits(patterns, dossier))
    return Held(held=not found, why="; ".join(dict.fromkeys(found)))


def _hits(patterns: Iterable[Forbidding], dossier: Dossier) -> Iterator[str]:
    graph = dossier.graph
    for one in patterns:
        why = f" ({one.why})" if one.why else ""
        if one.call is not None:
            spec = one.call.spec
            yield from (f"{call.name} was called{why}" for call in graph.executed if fits(call, spec, graph.book))
        elif one.flow is not None:
            for call, flow in flows_into(graph, one.flow):
                yield f"{call.name}.{flow.path} holds {flow.quote[:60]!r}, which {one.flow.from_} sources wrote{why}"


def check_answer(rules: Sequence[AnswerRule], dossier: Dossier) -> Held:
    """Every rule holds of the last text; a run without any text said nothing."""
    text = (text_of(dossier.trace.answer) or "")[:_MOST]
    broken = [why for rule in rules if (why := _broken(rule, text))]
    return Held(held=not broken, why="; ".join(broken))


def _broken(rule: AnswerRule, text: str) -> str:
    """What a text lacks, or says though it must not; empty when the rule holds."""
    if rule.contains is not None:
        return "" if fold_free(rule.contains) in fold_free(text) else f"it does not say {rule.contains!r}"
    if rule.not_contains is not None:
        return f"it says {rule.not_contains!r}" if fold_free(rule.not_contains) in fold_free(text) else ""
    if rule.claims is not None:
        return "" if claims_done(text, rule.claims.tool) else f"it does not claim {rule.claims.tool} done"
    if rule.not_claims is not None:
        return f"it claims {rule.not_claims.tool} done" if claims_done(text, rule.not_claims.tool) else ""
    if rule.regex is not None:
        return "" if found_in(rule.regex, text) else f"it does not match {rule.regex!r}"
    value = _value(rule.contains_value)
    return "" if states(text, value) else f"it does not state {value}"


def _value(expected: Json) -> str:
    """A value as words: the number of a ``$num``, else itself."""
    if matcher_of(expected) == "$num":
        told = expected["$num"]
        expected = told["value"] if isinstance(told, dict) else told
    return f"{expected:g}" if isinstance(expected, float) else str(expected)


def check_policy(ruling: Ruling | None) -> Held:
    """No rule of the scenario's policy files is broken; one that failed or could not decide leaves it open. Waived ones do not count."""
    if ruling is None:
        return Held(held=None, why="the policy rules were not asked")
    found = [one for one in ruling.findings if one.severity > 1]
    broken = [one.text for one in found if one.state != "unknown"]
    if broken:
        return Held(held=False, why="; ".join(broken))
    left = [*ruling.failed, *(one.text for one in found)]
    return Held(held=None if left else True, why="; ".join(left))


def check_budget(spent: Spent, dossier: Dossier) -> Held:
    """It used no more than this; what was not recorded leaves it open."""
    calls = len(dossier.graph.executed)
    if spent.calls is not None and calls > spent.calls:
        return Held(held=False, why=f"{calls} calls, at most {spent.calls}")
    if spent.extra_reads is not None:
        reads = dossier.value("planner.extra_read_cost")
        if reads is None:
            return Held(held=None, why="extra reads are told by the milestones, and there are none")
        if reads > spent.extra_reads:
            return Held(held=False, why=f"{reads:g} reads nobody had to make, at most {spent.extra_reads}")
    if spent.tokens is not None:
        used = [span.usage for span in dossier.trace.spans if span.usage is not None]
        if not used:
            return Held(held=None, why="tokens were not recorded")
        total = sum((one.input or 0) + (one.output or 0) for one in used)
        if total > spent.tokens:
            return Held(held=False, why=f"{total} tokens, at most {spent.tokens}")
    return Held(held=True)
