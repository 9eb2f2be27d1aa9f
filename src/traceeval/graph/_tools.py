"""What is known of each tool: declared in a ``tools.yaml``, else inferred."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from traceeval.errors import ConfigError
from traceeval.graph._condition import check
from traceeval.graph._infer import infer_tool
from traceeval.graph._lexicon import role_of
from traceeval.model import Basis, Role, ToolOffer, ToolSpec, When

if TYPE_CHECKING:
    from traceeval.measures.strict_yaml import Document

_SCHEMA = "traceeval schema tools"
_FORM = "write `tools: {name: {effect: write}}`"
_OURS = frozenset({"name", "basis", "guessed"})


class ToolBook:
    """Tool name -> ToolSpec. A name nobody declared is inferred, at lower confidence; so is what a declaration leaves open."""

    def __init__(self, declared: Mapping[str, ToolSpec] | None = None) -> None:
        self.declared = declared or {}
        self.offered: dict[str, ToolOffer] = {}
        self._known: dict[str, ToolSpec] = {}

    def learn(self, offers: Mapping[str, ToolOffer]) -> None:
        """Take the tools of a trace as they were offered: schemas, descriptions and hints, untrusted."""
        self.offered.update(offers)
        for name in offers:
            self._known.pop(name, None)

    def spec(self, name: str) -> ToolSpec:
        """Annotations of that tool; ``basis`` and ``guessed`` say what a person declared."""
        found = self._known.get(name)
        if found is None:
            inferred = infer_tool(name, self.offered.get(name))
            found = self._known[name] = _over(self.declared[name], inferred) if name in self.declared else inferred
        return found

    def role(self, spec: ToolSpec, path: str) -> Role:
        """The role of one argument leaf: as told for its path, without item numbers, or for its first key; else by its name.

        A declared tool whose ``arg_roles`` do not list an argument says that it is ``free``.
        """
        roles = spec.arg_roles or {}
        if "." not in path and "[" not in path:
            known = roles.get(path)
            if known is not None:
                return known
            return "free" if spec.basis_of("arg_roles") is Basis.DECLARED else role_of(path)
        key = path.split(".", 1)[0].split("[", 1)[0]
        named = ".".join(part for part in path.split(".") if not part.isdigit()) or key
        for one in (path, named, key):
            if one in roles:
                return roles[one]
        if spec.basis_of("arg_roles") is Basis.DECLARED:
            return "free"
        return role_of(named) if role_of(named) != "free" else role_of(key)


def _over(declared: ToolSpec, inferred: ToolSpec) -> ToolSpec:
    """A declaration, with what it leaves open inferred where that cannot hide anything; ``guessed`` names those fields."""
    open_: dict[str, object] = {}
    if declared.effect == "unknown" and inferred.effect != "unknown":
        open_["effect"] = inferred.effect
    if declared.arg_roles is None:
        open_["arg_roles"] = inferred.arg_roles
    if declared.output_trust is None and inferred.output_trust == "untrusted":
        open_["output_trust"] = inferred.output_trust
    guessed = tuple(open_)
    if declared.parameters is None and inferred.parameters is not None:
        open_["parameters"] = inferred.parameters
    if not open_:
        return declared
    confidence = inferred.confidence if guessed else declared.confidence
    return msgspec.structs.replace(declared, **open_, guessed=guessed, confidence=confidence)


class _File(msgspec.Struct, forbid_unknown_fields=True):
    tools: dict[str, dict[str, Any]]
    version: int = 1


def load_tools(path: str | Path) -> tuple[ToolSpec, ...]:
    """Annotations from a YAML file ``tools: {name: {effect: write, ...}}``; read strictly: ``on`` and ``no`` are texts.

    Raises:
        ConfigError: with ``file:line``, tool and key, when the file is not of that form.
    """
    from traceeval.measures.strict_yaml import read_documents
    from traceeval.measures.typed import typed

    found = list(read_documents(Path(path)))
    if len(found) != 1:
        raise ConfigError(f"{path}:1: a file of tools holds one document, not {len(found)}; {_FORM}")
    (document,) = found
    if not isinstance(document.value, dict):
        raise ConfigError(f"{document.where()}: no mapping; {_FORM}")
    rows = typed(document, _File, _SCHEMA).tools
    return tuple(_spec(document.part(("tools", name)), name) for name in rows)


def _spec(document: Document, name: str) -> ToolSpec:
    from traceeval.measures.typed import typed

    for key in sorted(_OURS & document.value.keys()):
        raise ConfigError(f"{document.where((key,))}: tools.{name}.{key} is not for a file to say; remove it")
    whole = replace(document, value={**document.value, "name": name, "basis": "declared"})
    spec = typed(whole, ToolSpec, _SCHEMA)
    for condition in (spec.error_when, spec.confirm.when if isinstance(spec.confirm, When) else None):
        if condition is not None:
            check(condition, f"{document.where()}: tools.{name}")
    return spec
