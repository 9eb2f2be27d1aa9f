"""What is known of each tool: declared in a ``tools.yaml``, else inferred."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from traceeval.errors import ConfigError
from traceeval.graph._condition import check
from traceeval.graph._infer import infer_tool
from traceeval.graph._lexicon import role_of
from traceeval.model import Basis, Role, ToolOffer, ToolSpec, When

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
    """Annotations from a YAML file ``tools: {name: {effect: write, ...}}``.

    Raises:
        ConfigError: with file, tool and key, when the file is not of that form.
    """
    import yaml

    try:
        data = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
        rows = msgspec.convert(data, _File).tools
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror}); pass another --tools") from error
    except (yaml.YAMLError, UnicodeError) as error:
        raise ConfigError(f"{path}: not YAML in UTF-8: {error}") from error
    except msgspec.ValidationError as error:
        raise ConfigError(f"{path}: {error}; write `tools: {{name: {{effect: write}}}}`") from error
    return tuple(_spec(path, name, row) for name, row in rows.items())


def _spec(path: str | Path, name: str, row: dict[str, Any]) -> ToolSpec:
    try:
        if unwritten := _OURS & row.keys():
            raise msgspec.ValidationError(f"{', '.join(sorted(unwritten))} is not for a file to say")
        spec = msgspec.convert({**row, "name": name, "basis": "declared"}, ToolSpec)
    except msgspec.ValidationError as error:
        known = ", ".join(field for field in ToolSpec.__struct_fields__ if field not in _OURS)
        raise ConfigError(f"{path}: tools.{name}: {error}; known keys: {known}") from error
    for condition in (spec.error_when, spec.confirm.when if isinstance(spec.confirm, When) else None):
        if condition is not None:
            check(condition, f"{path}: tools.{name}")
    return spec
