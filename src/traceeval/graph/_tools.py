"""What is known of each tool: declared in ``tools.yaml``, else inferred from names, schemas, hints and results."""

from __future__ import annotations

from collections.abc import Mapping

from traceeval.model import Basis, ToolOffer, ToolSpec


class ToolBook:
    """Tool name -> ToolSpec. A name nobody declared is inferred, at lower confidence, never lowering a severity."""

    def __init__(
        self, declared: Mapping[str, ToolSpec] | None = None, offered: Mapping[str, ToolOffer] | None = None
    ) -> None:
        self.declared = dict(declared or {})
        self.offered = dict(offered or {})
        self._known: dict[str, ToolSpec] = {}

    def spec(self, name: str) -> ToolSpec:
        """Annotations of that tool; ``basis`` says whether a person declared them."""
        found = self._known.get(name)
        if found is None:
            found = self.declared.get(name) or ToolSpec(name=name, basis=Basis.INFERRED, confidence=0.5)
            self._known[name] = found
        return found
