"""A replay for GitHub Actions: annotations where scenarios are written, and the summary of the step.

A log line may give the runner commands (``::name::``, ``##[name]``): ours are escaped, and everything else we print goes
between ``::stop-commands::``. The summary is raw HTML, in which Markdown of a stranger is text.
Source: docs.github.com, "Workflow commands for GitHub Actions".
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence

from traceeval.measures.safe_text import escape, inline
from traceeval.model.gate import GateLine
from traceeval.model.replayed import ReplaySummary
from traceeval.report.ci._cells import CellReport
from traceeval.report.replayed import replay_lines

MOST = 10  # annotations of one kind that GitHub shows of a step
_ROWS = 50


def commands(cells: Sequence[CellReport], gate: Sequence[GateLine] = (), gate_file: str | None = None) -> Iterator[str]:
    """Workflow commands: limits of the gate first, then cells that did not pass."""
    for line in gate:
        if line.state != "held":
            text = f"{line.name} {line.state}: {inline(line.why, 300)}"
            yield _command("error", text, (gate_file, 1) if gate_file is not None else None, "gate")
    bad = [cell for cell in cells if cell.bad]
    for cell in bad[:MOST]:
        level = "warning" if cell.verdict == "undecided" else "error"
        yield _command(level, "\n".join((cell.headline, *cell.lines)), cell.where, cell.id)
    if len(bad) > MOST:
        yield _command(
            "notice", f"{len(bad) - MOST} more cells did not pass; the step summary names them", None, "replay"
        )


def _command(level: str, text: str, where: tuple[str, int] | None, title: str) -> str:
    told = {"title": inline(title, 200)}
    if where is not None:
        told = {"file": where[0], "line": str(where[1]), **told}
    parameters = ",".join(f"{name}={_parameter(value)}" for name, value in told.items())
    return f"::{level} {parameters}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _parameter(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def unheard(lines: Sequence[str]) -> Iterator[str]:
    """Lines in which the runner looks for no command."""
    token = secrets.token_hex(16)
    yield f"::stop-commands::{token}"
    yield from lines
    yield f"::{token}::"


def step_summary(found: ReplaySummary, cells: Sequence[CellReport], gate: Sequence[GateLine] = ()) -> str:
    """The page of the step: the gate, the figures, the cells that did not pass. One block of HTML, without an empty line."""
    parts = [f"<h3>{escape(inline(found.suite))}: {escape(inline(found.agent))}</h3>"]
    if gate:
        parts.append(_table(("gate", "", "why"), [(line.name, line.state, line.why) for line in gate]))
    parts.append(f"<pre>{'<br>'.join(escape(line) for line in replay_lines(found))}</pre>")
    bad = [cell for cell in cells if cell.bad]
    if bad:
        rows = [(cell.id, cell.verdict, cell.headline.removeprefix(f"{cell.id}: ")) for cell in bad[:_ROWS]]
        parts.append(_table(("cell", "", "what"), rows))
    if len(bad) > _ROWS:
        parts.append(f"<p>and {len(bad) - _ROWS} more</p>")
    return "\n".join(parts) + "\n\n"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [_row("th", head), *(_row("td", row) for row in rows)]
    return f"<table>{''.join(lines)}</table>"


def _row(tag: str, cells: Sequence[str]) -> str:
    return f"<tr>{''.join(f'<{tag}>{escape(inline(cell, 300))}</{tag}>' for cell in cells)}</tr>"
