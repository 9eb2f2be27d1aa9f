"""Makes one tree of the spans of a trace: duplicates folded, parents repaired, order fixed. Every repair is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from traceeval.adapters._raw import RawSpan
from traceeval.model import Diagnostic

SKEW = 1e-3
"""Seconds a child may start before its parent: what ISO times lose."""
_LOOK_UP = 64


@dataclass(slots=True)
class Tree:
    """``parents``: span id -> parent id, None for the root. ``order``: ids, each before its children.

    ``synthetic``: the id of a root that was not recorded, when there were several.
    """

    parents: dict[str, str | None]
    order: list[str] = field(default_factory=list)
    notes: list[Diagnostic] = field(default_factory=list)
    synthetic: str | None = None


def note(code: str, text: str, span: str | None = None, level: str = "warn") -> Diagnostic:
    """A repair; the caller adds the place."""
    return Diagnostic(code=code, level=level, text=text, span=span)  # type: ignore[arg-type]


def unique(spans: Sequence[RawSpan]) -> tuple[list[RawSpan], list[Diagnostic], int, int]:
    """(spans, notes, duplicates, partials): of equal ids the ended one, else the one with most attributes."""
    best: dict[str, RawSpan] = {}
    partial = folded = 0
    for span in spans:
        before = best.get(span.id)
        if before is None:
            best[span.id] = span
            continue
        folded += 1
        partial += (span.end is None) != (before.end is None)
        if _rank(span) >= _rank(before):
            span.index = before.index
            best[span.id] = span
    notes = []
    if partial:
        notes.append(note("span.partial", f"{partial} spans were exported before they ended; the ended ones count"))
    if folded > partial:
        notes.append(note("span.duplicate", f"{folded - partial} spans were exported more than once", level="info"))
    return list(best.values()), notes, folded - partial, partial


def _rank(span: RawSpan) -> tuple[bool, int]:
    return span.end is not None, len(span.attributes)


def build(spans: Sequence[RawSpan]) -> Tree:
    """The tree of unique spans."""
    by_id = {span.id: span for span in spans}
    tree = Tree(parents={span.id: span.parent for span in spans})
    _cut_cycles(tree, by_id)
    orphans = [span for span in spans if (up := tree.parents[span.id]) is not None and up not in by_id]
    roots = [span.id for span in spans if tree.parents[span.id] is None]
    root = _root(tree, roots, orphans, spans)
    _adopt(tree, orphans, spans, root)
    _walk(tree, by_id)
    return tree


def _cut_cycles(tree: Tree, by_id: Mapping[str, RawSpan]) -> None:
    state: dict[str, int] = {}
    for start in by_id:
        path: list[str] = []
        at: str | None = start
        while at is not None and at in by_id and at not in state:
            state[at] = 1
            path.append(at)
            at = tree.parents[at]
        if at is not None and state.get(at) == 1:
            cycle = path[path.index(at) :]
            first = min(cycle, key=lambda id_: (_start(by_id[id_]), by_id[id_].index))
            tree.parents[first] = _outside(tree, by_id, set(cycle))
            names = ", ".join(f"{by_id[id_].name or id_}" for id_ in cycle[:5])
            tree.notes.append(note("tree.cycle", f"{names} are each other's ancestors; cut above the first", first))
        for id_ in path:
            state[id_] = 2


def _outside(tree: Tree, by_id: Mapping[str, RawSpan], cycle: set[str]) -> str | None:
    return next((id_ for id_ in by_id if id_ not in cycle and tree.parents[id_] is None), None)


def _start(span: RawSpan) -> float:
    return span.start if span.start is not None else float("inf")


def _root(tree: Tree, roots: list[str], orphans: list[RawSpan], spans: Sequence[RawSpan]) -> str | None:
    """The one root; with several a synthetic one above them, with none an orphan's place is taken by it."""
    if len(roots) == 1:
        return roots[0]
    if not roots and len(orphans) == 1:
        return None
    tree.synthetic = "root"
    while tree.synthetic in tree.parents:
        tree.synthetic += "_"
    for id_ in roots:
        tree.parents[id_] = tree.synthetic
    tree.parents[tree.synthetic] = None
    if len(roots) > 1:
        text = f"{len(roots)} roots; they hang on one that was not recorded"
        tree.notes.append(note("tree.multi_root", text, roots[0]))
    return tree.synthetic


def _adopt(tree: Tree, orphans: list[RawSpan], spans: Sequence[RawSpan], root: str | None) -> None:
    """Orphans hang on the innermost span that encloses them in time, else on the root."""
    if not orphans:
        return
    missing: dict[str, list[RawSpan]] = {}
    for span in orphans:
        missing.setdefault(str(span.parent), []).append(span)
    wanted = {span.id for span in orphans}
    for id_, parent in _enclosing(tree, spans, wanted, root):
        tree.parents[id_] = parent if parent is not None else root
    for parent_id, group in missing.items():
        names = ", ".join(span.name or span.id for span in group[:4])
        text = f"parent {parent_id} is not in the file (sampled away?); {len(group)} spans moved up: {names}"
        tree.notes.append(note("tree.missing_parent", text, group[0].id))


def _enclosing(
    tree: Tree, spans: Sequence[RawSpan], wanted: set[str], root: str | None
) -> Iterable[tuple[str, str | None]]:
    """One sweep over the spans by start, outer before inner; ``tree`` is changed by the caller between results."""
    timed = [span for span in spans if span.start is not None and span.end is not None]
    timed.sort(key=lambda span: (_start(span), -(span.end or 0.0), span.id in wanted, span.index))
    found: set[str] = set()
    open_: list[RawSpan] = []
    for span in timed:
        while open_ and (open_[-1].end or 0.0) < _start(span):
            open_.pop()
        if span.id in wanted:
            found.add(span.id)
            above = (o.id for o in open_[: -_LOOK_UP - 1 : -1] if (o.end or 0.0) >= (span.end or 0.0))
            yield span.id, next((id_ for id_ in above if not _below(tree, id_, span.id)), root)
        open_.append(span)
    for span in spans:
        if span.id in wanted and span.id not in found:
            yield span.id, root


def _below(tree: Tree, id_: str, ancestor: str) -> bool:
    at: str | None = id_
    for _ in range(_LOOK_UP):
        if at is None:
            return False
        if at == ancestor:
            return True
        at = tree.parents.get(at)
    return True


def _walk(tree: Tree, by_id: Mapping[str, RawSpan]) -> None:
    """Pre-order; siblings by start, unless one of them starts before its parent: then as the source had them."""
    below: dict[str | None, list[RawSpan]] = {}
    for span in by_id.values():
        below.setdefault(tree.parents[span.id], []).append(span)
    skewed: list[RawSpan] = []
    for parent, children in below.items():
        above = by_id.get(parent) if parent is not None else None
        early = [c for c in children if above and above.start and c.start and c.start < above.start - SKEW]
        skewed += early
        children.sort(key=(lambda s: (0.0, s.index)) if early else (lambda s: (_start(s), s.index)), reverse=True)
    stack: list[RawSpan] = list(below.get(None, ()))
    if tree.synthetic is not None:
        tree.order.append(tree.synthetic)
        stack = list(below.get(tree.synthetic, ()))
    while stack:
        span = stack.pop()
        tree.order.append(span.id)
        stack.extend(below.get(span.id, ()))
    if skewed:
        text = f"{len(skewed)} spans start before their parent (first: {skewed[0].name}); order taken from the file"
        tree.notes.append(note("clock.skew", text, skewed[0].id))
