"""One trace as a tree in the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from traceeval.graph import Judgements, TraceGraph
from traceeval.measures.safe_text import inline
from traceeval.model import Attribution, Finding, Span, Suspicion
from traceeval.report._numbers import number, plural, seconds
from traceeval.report._shown import choose, flagged
from traceeval.report._steps import Row, duration, step_of

if TYPE_CHECKING:
    from rich.text import Text
    from rich.tree import Tree


def as_tree(
    graph: TraceGraph,
    findings: Sequence[Finding] = (),
    suspicion: Suspicion | None = None,
    attribution: Attribution | None = None,
    *,
    limit: int = 200,
) -> Tree:
    """A ``rich`` tree: kind, name and time of every span, what it read and wrote in a line each, findings where they are.

    Suspects have a branch of their own at the end: they are inferred, and about no span; so have the steps that may have
    decided a failure.
    """
    from rich.text import Text
    from rich.tree import Tree

    shown = choose(graph, flagged(findings), limit)
    judged = Judgements(graph.trace.reference)
    root = Tree(Text(f"trace {inline(graph.trace.id, 60)}: {plural(shown.total, 'span')}", style="bold"))
    places: dict[str | None, Tree] = {None: root}
    for span in shown.spans:
        node = places[shown.parent[span.id]].add(_label(span, shown.hidden.get(span.id, 0)))
        places[span.id] = node
        for line, style in _lines(span, judged, findings):
            node.add(Text(line, style=style))
    if suspicion is not None and suspicion.suspects:
        branch = root.add(Text("suspected (inferred without gold)", style="bold"))
        for one in suspicion.suspects:
            node = branch.add(Text(f"{one.component.value} {number(one.score)}"))
            for sign in one.reasons:
                node.add(Text(f"{sign.signal}: {inline(sign.text, 200)}"))
    if attribution is not None:
        _where(root, attribution)
    return root


def _where(root: Tree, attribution: Attribution) -> None:
    """The steps that may have decided a failure with their reasons, or why none is named."""
    from rich.text import Text

    branch = root.add(Text("where it may have gone wrong (at most three steps)", style="bold"))
    for one in attribution.suspects:
        who = f" of {inline(one.agent, 40)}" if one.agent else ""
        node = branch.add(Text(f"step {one.step}{who}: {inline(one.evidence[0].quote if one.evidence else '', 100)}"))
        for reason in one.reasons:
            node.add(Text(inline(reason, 200)))
    if attribution.abstained:
        branch.add(Text(inline(attribution.abstained, 200)))


def _label(span: Span, hidden: int) -> Text:
    from rich.text import Text

    label = Text.assemble((span.kind.value, "cyan"), " ", (inline(span.name, 50), "bold"))
    took = duration(span)
    if took is not None:
        label.append(f"  {seconds(took)}", style="dim")
    if span.error is not None:
        label.append(f"  {inline(span.error.message or span.error.type or 'error', 70)}", style="red")
    if hidden:
        label.append(f"  (+{hidden} folded)", style="dim")
    return label


def _lines(span: Span, judged: Judgements, findings: Sequence[Finding]) -> Iterator[tuple[str, str]]:
    step = step_of(span, judged)
    for text in step.texts:
        if not text.quiet:
            yield f"{text.label}: {inline(text.text, 100)}{f' [{text.note}]' if text.note else ''}", ""
    for row in (step.rows or ())[:10]:
        yield _document(row, reranked=step.reranked), "dim"
    for finding in findings:
        if finding.subject.span == span.id:
            style = "red" if finding.severity >= 4 else "yellow"
            yield f"S{finding.severity} {finding.code}: {inline(finding.text, 110)}", style


def _document(row: Row, *, reranked: bool) -> str:
    place = f"{row.before or '-'} → {row.after or '-'}" if reranked else f"{row.after or '-'}"
    grade = f" (grade {row.grade})" if row.grade is not None else ""
    return f"{place}  {inline(row.doc, 30)}{grade}  {inline(row.text, 60)}"
