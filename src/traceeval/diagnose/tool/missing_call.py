"""An expected call was never made."""

from __future__ import annotations

from collections.abc import Iterator

from traceeval.diagnose.tool._matched import match_of
from traceeval.graph import Dossier
from traceeval.model import CHANGING, CallSpec, Component, Evidence, Finding, Subject
from traceeval.registry import diagnosis


@diagnosis("tool.missing_call", severity=4, needs=("effect",))
def missing_call(dossier: Dossier) -> Iterator[Finding]:
    """A required call without a match: severity 4 when it would have changed the world, 3 otherwise.

    A call of that tool with wrong arguments is its own finding, and this one is not repeated for it.
    """
    match = match_of(dossier)
    if match is None:
        return
    paired = {one.column for one in match.calls}
    root = dossier.trace.spans[0].id if dossier.trace.spans else dossier.trace.id
    for column, spec in zip(match.missing_columns, match.missing, strict=True):
        if column in paired:
            continue
        name = _name(spec)
        effect = dossier.graph.book.spec(name).effect
        yield Finding(
            code="tool.missing_call",
            component=Component.TOOL,
            severity=4 if effect in CHANGING else 3,
            subject=Subject(trace=dossier.trace.id),
            key=f"missing:{name}",
            text=f"{name}({', '.join(f'{k}={v!r}' for k, v in spec.args.items())}) was expected and never called",
            evidence=(Evidence(span=root, field="calls", quote=name),),
        )


def _name(spec: CallSpec) -> str:
    return spec.tool if isinstance(spec.tool, str) else spec.tool[0]
