"""Annotations of tools nobody annotated: from names, schemas, hints. Never lowers a severity, always says so."""

from __future__ import annotations

import re
from collections.abc import Iterable

from traceeval.graph._lexicon import effect_of_verb, named, pattern, role_of
from traceeval.model import Basis, Effect, Role, ToolOffer, ToolSpec

CONFIDENCE = 0.6


def infer_tool(name: str, offer: ToolOffer | None = None) -> ToolSpec:
    """What a tool's name, its schema and the (untrusted) hints of its server suggest."""
    effect = _effect(name, offer)
    parameters = offer.parameters if offer is not None else None
    properties = (parameters or {}).get("properties")
    arguments = list(properties) if isinstance(properties, dict) else []
    return ToolSpec(
        name=name,
        effect=effect,
        volatile=bool(pattern("volatile").search(name)) or None,
        arg_roles=infer_roles(arguments),
        output_trust="untrusted" if pattern("outside").search(name) else None,
        parameters=parameters,
        basis=Basis.INFERRED,
        confidence=CONFIDENCE,
    )


def infer_roles(arguments: Iterable[str]) -> dict[str, Role]:
    """Roles by argument name, ``free`` where the name says nothing."""
    return {argument: role_of(argument) for argument in arguments}


def _effect(name: str, offer: ToolOffer | None) -> Effect:
    bare = name.rsplit(".", 1)[-1]
    if bare.lower() in named("harmless"):
        return "pure"
    words = [word.lower() for word in re.split(r"[_\W]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", bare)) if word]
    found = next((effect for word in words if (effect := effect_of_verb(word))), None)
    hints = offer.hints if offer is not None and offer.hints else {}
    if hints.get("destructiveHint") is True and found in (None, "read", "pure"):
        return "write"
    if found is None and hints.get("readOnlyHint") is True:
        return "unknown"  # a server's word alone never makes a tool harmless
    return found or "unknown"  # type: ignore[return-value]
