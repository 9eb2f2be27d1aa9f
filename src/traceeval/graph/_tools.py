"""What is known of each tool: declared in a ``tools.yaml``, else inferred."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from traceeval.errors import ConfigError
from traceeval.graph._infer import infer_tool
from traceeval.graph._lexicon import role_of
from traceeval.model import Basis, Role, ToolOffer, ToolSpec


class ToolBook:
    """Tool name -> ToolSpec. A name nobody declared is inferred, at lower confidence."""

    def __init__(self, declared: Mapping[str, ToolSpec] | None = None) -> None:
        self.declared = declared or {}
        self.offered: dict[str, ToolOffer] = {}
        self._known: dict[str, ToolSpec] = {}

    def spec(self, name: str) -> ToolSpec:
        """Annotations of that tool; ``basis`` says whether a person declared them."""
        found = self._known.get(name)
        if found is None:
            found = self.declared.get(name) or infer_tool(name, self.offered.get(name))
            self._known[name] = found
        return found

    def role(self, spec: ToolSpec, path: str) -> Role:
        """The role of one argument leaf: declared for its path or its first key, else by its name."""
        key = path.split(".", 1)[0].split("[", 1)[0]
        declared = spec.arg_roles.get(path) or spec.arg_roles.get(key)
        if declared is not None:
            return declared
        return role_of(key) if spec.basis is Basis.INFERRED else "free"  # type: ignore[return-value]


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
    except yaml.YAMLError as error:
        raise ConfigError(f"{path}: not YAML: {error}") from error
    except msgspec.ValidationError as error:
        raise ConfigError(f"{path}: {error}; write `tools: {{name: {{effect: write}}}}`") from error
    return tuple(_spec(path, name, row) for name, row in rows.items())


def _spec(path: str | Path, name: str, row: dict[str, Any]) -> ToolSpec:
    try:
        return msgspec.convert({**row, "name": name, "basis": "declared"}, ToolSpec)
    except msgspec.ValidationError as error:
        known = ", ".join(field for field in ToolSpec.__struct_fields__ if field not in ("name", "basis"))
        raise ConfigError(f"{path}: tools.{name}: {error}; known keys: {known}") from error
