"""What is known of a tool: its effect on the world, the roles of its arguments, how far its output is trusted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from traceeval.model._value import Json, Value
from traceeval.model.trace import Basis

Effect: TypeAlias = Literal["pure", "read", "write", "external", "privileged", "unknown"]
Role: TypeAlias = Literal["destination", "resource", "amount", "content", "credential", "selector", "free"]
Trust: TypeAlias = Literal["trusted", "user", "untrusted"]
"""Who wrote a text: the operator or a tool of ours, the user, anybody."""
Mark: TypeAlias = Literal["pii", "secret", "internal"]
"""Why a text should not leave: personal data, a secret, the operator's own business."""

CHANGING: frozenset[str] = frozenset({"write", "external", "privileged"})
_CHANGES: dict[str, bool | None] = {
    "unknown": None,
    "pure": False,
    "read": False,
    **dict.fromkeys(CHANGING, True),
}
"""Effects that change the world: the sinks of every taint and confirmation rule."""


class When(Value, frozen=True):
    """A condition on the arguments of a call, in the literal language of ``error_when``: ``{when: "amount > 100"}``."""

    when: str


class ToolSpec(Value, frozen=True):
    """Annotations of one tool. None means nobody said; rules that need it answer ``unknown``.

    ``effect``: pure computes, read looks, write changes our own state, external reaches others, privileged changes who
    may do what or runs code. ``idempotent``: twice is as good as once. ``reversible``: it can be undone.
    ``volatile``: asking again may give another answer (a poll, a clock, chance). ``entity``: argument paths that name
    what the call touches; empty: nothing. ``arg_roles``: argument path -> role; what it does not list is ``free``.
    ``output_trust``: who wrote what comes back. ``output_labels``: why it should not leave; empty: no reason.
    ``confirm``: whether the user has to agree first, or when. ``error_when``: a condition on the result that says the
    call failed, in a small literal language, never evaluated as code. ``precondition_reads``: tools one of which has
    to have read the entity before. ``after``: tools that have to have succeeded before, in each inner list any one of
    them. ``scope``: agents or scenarios that may call it. ``ends``: calling it ends the run.
    ``optional``: its failure needs no answer. ``cost``: of one call, in any unit. ``parameters``: its JSON Schema.

    ``basis``: declared by a person (``tools.yaml``), or inferred from names, schemas, hints and results.
    ``guessed``: fields a declared tool left open and that were inferred; see ``basis_of``. ``confidence``: of what was
    inferred.
    """

    name: str
    effect: Effect = "unknown"
    idempotent: bool | None = None
    reversible: bool | None = None
    volatile: bool | None = None
    entity: tuple[str, ...] | None = None
    arg_roles: Mapping[str, Role] | None = None
    output_trust: Trust | None = None
    output_labels: tuple[Mark, ...] | None = None
    confirm: Literal["never", "always"] | When | None = None
    error_when: str | None = None
    precondition_reads: tuple[str, ...] | None = None
    after: tuple[str | tuple[str, ...], ...] | None = None
    scope: tuple[str, ...] | None = None
    ends: bool | None = None
    optional: bool = False
    cost: float | None = None
    parameters: Mapping[str, Json] | None = None
    basis: Basis = Basis.INFERRED
    guessed: tuple[str, ...] = ()
    confidence: float = 1.0

    @property
    def changes(self) -> bool | None:
        """Whether a call changes the world; None when its effect is unknown."""
        return _CHANGES[self.effect]

    def basis_of(self, *fields: str) -> Basis:
        """DECLARED when a person said all of these fields; else a finding that rests on them is ``inferred`` too."""
        said = self.basis is Basis.DECLARED and (not self.guessed or set(fields).isdisjoint(self.guessed))
        return Basis.DECLARED if said else Basis.INFERRED
