"""What a notebook shows of a run: the scorecard as static HTML, no script."""

from __future__ import annotations

from traceeval.measures.safe_text import escape
from traceeval.model import Summary
from traceeval.report._headline import headline, score_of
from traceeval.report._numbers import count, interval, number, percent


def notebook_html(summary: Summary) -> str:
    """The headline and one row per component."""
    head = "".join(
        f"<th>{name}</th>" for name in ("component", "score", "mean", "bounds", "coverage", "passed", "failed", "blame")
    )
    rows = []
    for row in summary.components:
        best = score_of(row)
        cells = (
            row.component.value,
            best.scorer if best else "—",
            number(best.mean if best else None),
            interval(best.lower, best.upper) if best else "—",
            percent(best.coverage if best else None),
            count(row.passed),
            count(row.failed),
            number(row.blame, 1),
        )
        rows.append("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>")
    told = "".join(f"<p>{escape(line)}</p>" for line in headline(summary))
    return f"<div>{told}<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
