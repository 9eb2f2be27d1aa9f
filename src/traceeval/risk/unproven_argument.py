"""R-POSPROV: an argument of a change without any trusted origin."""

from __future__ import annotations

from traceeval.graph import Dossier
from traceeval.model import RiskReason
from traceeval.registry import risk_rule
from traceeval.risk._reasons import called, reason

_ROLES = frozenset({"destination", "resource", "amount", "credential"})


@risk_rule("unproven_argument", id="R-POSPROV", needs=("arg_roles", "effect", "output_trust"))
def unproven_argument(dossier: Dossier) -> RiskReason | None:
    """A destination, resource, amount or credential that no user, operator or trusted tool supplied.

    Positive provenance: it survives encodings, because what cannot be traced counts as unproven.
    """
    flows = dossier.graph.flows if any(call.changes for call in dossier.graph.calls) else None
    if flows is None:
        return None
    found = [
        (call, leaf)
        for call in dossier.graph.calls
        if call.executed and call.changes
        for leaf in flows.leaves(call)
        if leaf.traced and leaf.role in _ROLES and all(flow.trust == "untrusted" for flow in flows.of(call, leaf))
    ]
    if not found:
        return None
    call, leaf = found[0]
    text = f"{call.name}: {leaf.path}={leaf.value!r} has no trusted origin"
    return reason(dossier, "unproven_argument", text, [called(c) for c, _ in found[:5]], calls=[c for c, _ in found])
