"""``protocol.md``: how people judged, said of every queue as it was set up. Texts of the queue are quoted, never rendered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from traceeval.measures.safe_text import inline

Row = Mapping[str, Any]
_QUOTED = str.maketrans({"`": "′", "|": "¦", "<": "‹", ">": "›"})
_INTRODUCTION = """\
# Evaluation protocol

Traces were drawn from a frozen frame with a recorded inclusion probability each; people judged what was drawn, blind:
nobody saw another's verdict, a judge's score or the reason for the selection before submitting their own.
Every criterion was marked alone on 1 to 5, with a rationale; a mark of 2 or less and every flag has its own reason and
the spans it rests on. Where two people disagreed (flags, preference, marks more than 1 apart or on two sides of the
pass mark, an escalation), a third person judged blind first, then decided with a cause. There was no majority vote.
A random share of agreements was adjudicated too. People appear as `reviewer:N` throughout.

Verdicts, decisions and the audit chain are insert-only; `ledger.jsonl` is the chain, `records.jsonl` the rows it speaks
of, `words.jsonl` what people wrote. Verify this pack with Python alone:

    python3 -I -S verify.py pack.zip --checkpoint CHECKPOINTS --sha256 DIGEST

with `verify.py` from a release of traceeval that you trust, checkpoints that were kept outside the database, and the
digest that `traceeval audit pack` printed. What is worked out from the record rests on that digest alone; `verify.py`
names those files, and columns of tables that no event covers.
"""


def protocol(queues: Iterable[Row], people: int) -> str:
    """The page. ``people``: how many reviewers the store knows."""
    return "\n".join([_INTRODUCTION, f"{people} people are known to the store (`roles.csv`).\n", *_queues(queues)])


def _queues(queues: Iterable[Row]) -> Iterator[str]:
    for queue in queues:
        yield f"## Queue {code(queue['name'])}\n"
        yield from _table(
            {
                "mode": queue["mode"],
                "rubric": queue["rubric"],
                "rubric sha256": queue["rubric_sha256"],
                "lease": f"{queue['ttl_s']} s",
                "settings": queue["settings"],
                "items by state": queue["items"],
            }
        )
        for frame in queue["frames"]:
            yield f"### Frame of {frame['frame_size']} traces\n"
            kept = ("frame_sha256", "seed", "plan", "code_version")
            yield from _table({name: frame[name] for name in kept})


def _table(rows: Mapping[str, Any]) -> Iterator[str]:
    yield "| what | value |\n| --- | --- |"
    yield from (f"| {name} | {code(value)} |" for name, value in rows.items())
    yield ""


def code(value: Any) -> str:
    """A value as code on one line, whatever is in it: no character of it ends the code, a cell, or begins a tag."""
    text = value if isinstance(value, str) else msgspec.json.encode(value, order="sorted").decode()
    return f"`{inline(text, 1000).translate(_QUOTED)}`"
