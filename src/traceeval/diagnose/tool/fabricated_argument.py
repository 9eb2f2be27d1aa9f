"""ARG-3: an argument that comes from nowhere."""

from __future__ import annotations

from collections.abc import Iterator

from traceeval.diagnose._calls import about, executed
from traceeval.diagnose._recovery import Recovery
from traceeval.graph import Call, Dossier, Leaf
from traceeval.model import Basis, Component, Finding
from traceeval.registry import diagnosis

CODE = "tool.fabricated_argument"
_ROLES = frozenset({"resource", "destination", "credential", "amount"})


@diagnosis(CODE, severity=4, id="ARG-3", needs=("arg_roles",))
def fabricated_argument(dossier: Dossier) -> Iterator[Finding]:
    """An id, destination, amount or credential that flows from no user, result, document, default or arithmetic.

    Rejected by the tool and then corrected: repaired, severity 1. With inferred roles only values that look like an id
    (they hold a digit, an @ or a URL) are asked about, and a read is severity 3.
    """
    calls = executed(dossier)
    recovery: Recovery | None = None
    for call in calls:
        leaf = next((leaf for leaf in dossier.graph.flows.leaves(call) if _invented(dossier, call, leaf)), None)
        if leaf is None:
            continue
        inferred = leaf.basis is Basis.INFERRED
        if call.ok is False and recovery is None:
            recovery = Recovery(dossier, calls)
        repaired = recovery is not None and recovery.corrected(call)
        severity = 1 if repaired else 3 if inferred and not call.changes else 4
        text = f"{call.name}: {leaf.path}={leaf.value!r} was never observed"
        yield about(dossier, CODE, Component.TOOL, severity, call, text, inferred=inferred, repaired=repaired)


def _invented(dossier: Dossier, call: Call, leaf: Leaf) -> bool:
    if not leaf.traced or leaf.role not in _ROLES:
        return False
    if leaf.basis is Basis.INFERRED and not _looks_like_id(leaf.value):
        return False
    return not dossier.graph.flows.of(call, leaf)


def _looks_like_id(value: object) -> bool:
    text = str(value)
    return any(map(str.isdigit, text)) or "@" in text or "://" in text
