"""TRM-2: it went on after the end."""

from __future__ import annotations

from collections.abc import Iterator

from traceeval.diagnose._calls import about, executed
from traceeval.graph import Call, Dossier
from traceeval.graph._lexicon import words_of
from traceeval.graph._speech import ends
from traceeval.model import Component, Evidence, Finding, Generation, Utterance, text_of
from traceeval.registry import diagnosis

CODE = "planner.unaware_of_end"
_CLEANUP = frozenset(
    "close cleanup clean logout logoff disconnect dispose release quit exit teardown finish finalize save log end".split()
)


@diagnosis(CODE, severity=2, id="TRM-2", needs=("ends",))
def unaware_of_end(dossier: Dossier) -> Iterator[Finding]:
    """A call after the run had ended: after an end marker somebody said, or after a call that ends it.

    Not meant: cleaning up; what follows a new turn of the user.
    """
    over = _over(dossier)
    if not over:
        return
    turns = [at for at, text in dossier.graph.users if not ends(text)]
    for call in executed(dossier):
        before = [
            (at, span) for at, span in over if at < call.asked and not any(at < turn <= call.asked for turn in turns)
        ]
        if before and not _cleans(call):
            text = f"{call.name} was called after the run had ended"
            mark = Evidence(span=before[-1][1], field="end", quote="")
            yield about(dossier, CODE, Component.PLANNER, 2, call, text, mark)
            return


def _over(dossier: Dossier) -> list[tuple[float, str]]:
    """(position, span) of everything that ended the run, in order."""
    found: list[tuple[float, str]] = []
    for span in dossier.graph.steps:
        body = span.body
        said = text_of(body.text) if isinstance(body, Utterance) else None
        if isinstance(body, Generation) and body.output is not None and not body.output.tool_calls:
            said = text_of(body.output.content)
        if said and ends(said[-200:]):
            found.append((span.seq, span.id))
    found += ((call.at, call.span) for call in dossier.graph.calls if call.executed and call.spec.ends and call.ok)
    return sorted(found)


def _cleans(call: Call) -> bool:
    return bool(call.spec.ends) or not _CLEANUP.isdisjoint(words_of(call.name))
