"""POL-n: a rule somebody wrote was broken."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from traceeval.diagnose._calls import about, at_span
from traceeval.graph import Breach, Dossier, PolicyRule
from traceeval.model import Component, Evidence, Finding
from traceeval.registry import diagnosis

CODE = "guard.policy"
_QUOTE = 500


@diagnosis(CODE, severity=4, id="POL-n")
def broken_policy(dossier: Dossier) -> Iterator[Finding]:
    """Every breach of the rules that were loaded with ``--rules``: the rule's severity, the policy's own words quoted.

    A waived rule is listed at severity 1. No rules, no findings: nothing is guessed from a prompt.
    """
    for rule in dossier.rules:
        for breach in rule.call(dossier.graph):
            yield _finding(dossier, rule, breach)


def _finding(dossier: Dossier, rule: PolicyRule, breach: Breach) -> Finding:
    at = breach.at
    span = at if isinstance(at, str) else at.span
    words = Evidence(span=span, field=f"policy {rule.source}", quote=rule.text[:_QUOTE])
    severity = 1 if rule.waived else rule.severity
    text = f"{rule.id}: {breach.why}" + (f" (waived: {rule.waived})" if rule.waived else "")
    if isinstance(at, str):
        found = at_span(dossier, CODE, Component.GUARD, severity, at, text, words, *breach.quotes)
    else:
        found = about(dossier, CODE, Component.GUARD, severity, at, text, words, *breach.quotes)
    if breach.missing:
        found = msgspec.structs.replace(found, state="unknown", missing=breach.missing)
    return msgspec.structs.replace(found, rule=rule.id)
