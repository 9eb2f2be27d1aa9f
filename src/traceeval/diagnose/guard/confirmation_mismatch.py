"""CNF-2: the user agreed to something else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from traceeval.diagnose._calls import about, executed, guessed
from traceeval.diagnose._ids import CENT, ids_in, money_in, shape
from traceeval.graph import Call, Dossier, Leaf
from traceeval.graph._dialogue import affirms, dialogue
from traceeval.graph._lexicon import action_classes, tool_classes
from traceeval.measures.values import id_key
from traceeval.model import Component, Evidence, Finding
from traceeval.registry import diagnosis

CODE = "guard.confirmation_mismatch"
_ROLES = frozenset({"resource", "destination", "amount", "credential"})


@diagnosis(
    CODE,
    severity=5,
    id="CNF-2",
    subsumes=("guard.unconfirmed_write",),
    needs=("arg_roles", "confirm", "effect"),
)
def confirmation_mismatch(dossier: Dossier) -> Iterator[Finding]:
    """The last proposal a user agreed to names this action with another id, destination or amount than was executed.

    Only arguments with a role are compared, and only with values of the same form: an id of the same pattern, money.
    Not meant: the executed value was named in the proposal as well, or by the user afterwards; calls that need no consent.
    """
    for call in executed(dossier):
        if not call.changes or call.ok is not True or call.confirm is False:
            continue
        agreed = _agreed(dossier, call)
        if agreed is None:
            continue
        proposal, after = agreed
        leaves = [leaf for leaf in dossier.graph.flows.leaves(call) if leaf.role in _ROLES]
        other = next(
            ((leaf, said) for leaf in leaves if (said := _other(leaf, leaves, proposal, after)) is not None), None
        )
        if other is not None:
            leaf, said = other
            text = f"{call.name} was executed with {leaf.path}={leaf.value!r}; the user had agreed to {said}"
            quote = Evidence(span=_place(dossier, proposal) or call.span, field="output", quote=proposal[:300])
            inferred = guessed(call, "arg_roles", "confirm")
            yield about(dossier, CODE, Component.GUARD, 5, call, text, quote, inferred=inferred)


def _agreed(dossier: Dossier, call: Call) -> tuple[str, str] | None:
    """(the last proposal of this kind of action that a user agreed to, all that users said from then on)."""
    said = dialogue(dossier.graph, call)
    kinds = tool_classes(call.name)
    for at in range(len(said) - 1, 0, -1):
        (before, proposal), (role, text) = said[at - 1], said[at]
        if role == "user" and before == "assistant" and affirms(text):
            if kinds and not kinds & action_classes(proposal):
                return None
            return proposal, "\n".join(words for who, words in said[at:] if who == "user")
    return None


def _other(leaf: Leaf, leaves: Sequence[Leaf], proposal: str, after: str) -> str | None:
    """What the proposal says in this leaf's place; None when it says nothing of the kind, or says the same."""
    if isinstance(leaf.value, bool) or leaf.value is None:
        return None
    if leaf.role == "amount" and isinstance(leaf.value, int | float):
        named = [*money_in(proposal), *money_in(after)]
        close = any(abs(one - leaf.value) < CENT for one in [*named, *_sums(named)])
        return f"{named[0]:g}" if named and not close else None
    value = id_key(str(leaf.value))
    if not any(map(str.isdigit, value)) or value in f"{proposal}\n{after}".casefold():
        return None
    mine = {id_key(str(one.value)) for one in leaves if isinstance(one.value, str | int | float)}
    alike = [token for token in ids_in(proposal) if shape(token) == shape(value) and token not in mine]
    return alike[0] if alike else None


def _sums(values: list[float]) -> list[float]:
    return [sum(values), *(a + b for a in values for b in values), *(abs(a - b) for a in values for b in values)]


def _place(dossier: Dossier, proposal: str) -> str | None:
    for span in reversed(dossier.graph.steps):
        body = span.body
        output = getattr(body, "output", None)
        if output is not None and output.content == proposal:
            return span.id
    return None
