"""What is known of a tool: its effect on the world, the roles of its arguments, how far its output is trusted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from traceeval.model._value import Json, Value
from traceeval.model.trace import Basis

Effect: TypeAlias = Literal["pure", "read", "write", "external", "privileged", "unknown"]
Role: TypeAlias = Literal["destination", "resource", "amount", "content", "credential", "selector", "free"]

CHANGING: frozenset[str] = frozenset({"write", "external", "privileged"})
"""Effects that change the world: the sinks of every taint and confirmation rule."""


class ToolSpec(Value, frozen=True):
    """Annotations of one tool. None means nobody said; rules that need it answer ``unknown``.

    ``entity``: argument paths that name what the call touches. ``arg_roles``: argument path -> role.
    ``error_when``: a condition on the result in a small literal language, never evaluated as code.
    ``basis``: declared by a person (``tools.yaml``) or inferred from names, schemas and results.
    """

    name: str
    effect: Effect = "unknown"
    idempotent: bool | None = None
    reversible: bool | None = None
    volatile: bool | None = None
    entity: tuple[str, ...] = ()
    arg_roles: Mapping[str, Role] = {}
    output_trust: Literal["trusted", "user", "untrusted"] | None = None
    output_labels: tuple[Literal["pii", "secret", "internal"], ...] = ()
    confirm: Literal["never", "always"] | str | None = None
    error_when: str | None = None
    optional: bool = False
    cost: float | None = None
    parameters: Mapping[str, Json] | None = None
    basis: Basis = Basis.INFERRED
    confidence: float = 1.0

    @property
    def changes(self) -> bool | None:
        """Whether a call changes the world; None when its effect is unknown."""
        return None if self.effect == "unknown" else self.effect in CHANGING
