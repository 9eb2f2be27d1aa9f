"""The spans of one trace, whatever encoding they came in, as a Trace: dialects, tree, links, shapes, texts, account."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

import msgspec

from traceeval.adapters._content import limit_of
from traceeval.adapters._dialects import genai, openinference
from traceeval.adapters._draft import Draft, merged
from traceeval.adapters._fault import fault_of
from traceeval.adapters._fusions import find_fusions
from traceeval.adapters._gaps import gaps_of, mixed_ids
from traceeval.adapters._imported import evaluations, is_evaluator
from traceeval.adapters._link import link_calls
from traceeval.adapters._metadata import metadata_of, tags_of
from traceeval.adapters._plumbing import plumbing_names
from traceeval.adapters._raw import RawSpan
from traceeval.adapters._shapes import count_usage_once, fill_texts, find_rerankers
from traceeval.adapters._tally import Tally
from traceeval.adapters._texts import answer_of, question_of
from traceeval.adapters._tree import Tree, build, note, unique
from traceeval.model import (
    SCHEMA_VERSION,
    Basis,
    Diagnostic,
    Generation,
    Imported,
    Kind,
    Origin,
    Span,
    System,
    Trace,
)


def assemble(spans: Sequence[RawSpan], tally: Tally) -> Iterator[Trace | Imported]:
    """The trace of these spans and the evaluations among them; a trace of evaluations alone is no trace."""
    kept, notes, duplicates, partials = unique(spans)
    tally.folded.update(_some("span.duplicate", duplicates), **_some("span.partial", partials))
    for span in kept:
        yield from evaluations(span)
    own = _own(kept, tally)
    if own:
        tally.kept["span"] += len(own)
        yield _trace(own, notes, tally)


def _some(key: str, count: int) -> dict[str, int]:
    return {key: count} if count else {}


def _own(spans: list[RawSpan], tally: Tally) -> list[RawSpan]:
    """The spans of the application: not the evaluators', nor what ran below them, such as a judge's model calls."""
    gone = {span.id for span in spans if is_evaluator(span)}
    if not gone:
        return spans
    tally.kept["span.evaluation"] += len(gone)
    below: dict[str | None, list[str]] = {}
    for span in spans:
        below.setdefault(span.parent, []).append(span.id)
    stack = list(gone)
    while stack:
        inner = [child for child in below.get(stack.pop(), ()) if child not in gone]
        gone.update(inner)
        stack += inner
        tally.dropped.update(_some("span.below_evaluation", len(inner)))
    return [span for span in spans if span.id not in gone]


def _trace(spans: Sequence[RawSpan], notes: list[Diagnostic], tally: Tally) -> Trace:
    limit = limit_of(span.attributes for span in spans)
    tree = build(spans)
    drafts = _drafts(spans, tree, limit)
    tally.dialects.update({draft.dialect for draft in drafts if draft.dialect})
    notes = [*notes, *tree.notes, *_decoding_notes(spans), *_order_notes(spans)]
    notes += find_fusions(drafts, limit)
    notes += find_rerankers(drafts, limit)
    notes += count_usage_once(drafts)
    notes += link_calls(drafts)
    notes += fill_texts(drafts)
    notes += (*mixed_ids(drafts), *gaps_of(drafts))
    _swallow(drafts)
    made = [*_synthetic(tree), *(_span(draft) for draft in drafts)]
    first = spans[0]
    ordered = [draft.raw for draft in drafts]
    dialects = sorted({draft.dialect for draft in drafts if draft.dialect})
    return Trace(
        id=first.trace,
        schema_version=SCHEMA_VERSION,
        spans=tuple(made),
        question=question_of(drafts, limit),
        answer=answer_of(drafts, limit),
        session=next((d.session for d in drafts if d.session), None),
        system=_system(first.resource, drafts),
        metadata=metadata_of(ordered),
        tags=tags_of(ordered),
        diagnostics=tuple(_placed(n, tally.uri) for n in notes),
        origin=Origin(
            format="otlp",
            uri=tally.uri,
            dialect="+".join(dialects) or None,
            record=f"line {first.line}" if first.line else None,
        ),
    )


def _drafts(spans: Sequence[RawSpan], tree: Tree, limit: int | None) -> list[Draft]:
    by_id = {span.id: span for span in spans}
    drafts = []
    for seq, id_ in enumerate(tree.order):
        if id_ not in by_id:
            continue
        draft = _draft(by_id[id_], limit)
        draft.parent, draft.seq = tree.parents[id_], seq
        draft.error = fault_of(draft.raw)
        draft.plumbing = draft.kind is Kind.OTHER and draft.raw.name.casefold() in plumbing_names()
        drafts.append(draft)
    return drafts


def _draft(span: RawSpan, limit: int | None) -> Draft:
    """One span as the dialects it speaks read it; OpenInference first, its side of documents is the richer one."""
    first, second = openinference.read(span, limit), genai.read(span, limit)
    if first is not None and second is not None:
        return merged(first, second)
    return first or second or Draft(raw=span, dialect="")


def _swallow(drafts: Sequence[Draft]) -> None:
    """An error that its parent did not end with was turned into an ordinary message by the framework."""
    failed = {draft.id for draft in drafts if draft.error is not None}
    for draft in drafts:
        if draft.error is not None and draft.parent is not None and draft.parent not in failed:
            draft.error = msgspec.structs.replace(draft.error, swallowed=True)


def _synthetic(tree: Tree) -> Iterator[Span]:
    if tree.synthetic is not None:
        yield Span(id=tree.synthetic, kind=Kind.OTHER, name="root", seq=0, basis=Basis.INFERRED, plumbing=True)


def _span(draft: Draft) -> Span:
    raw = draft.raw
    rest = {key: value for key, value in raw.attributes.items() if not key.startswith(draft.mapped or ("\0",))}
    return Span(
        id=raw.id,
        parent=draft.parent,
        kind=draft.kind,
        name=raw.name,
        start=raw.start,
        end=raw.end,
        body=draft.body,
        reads=tuple(dict.fromkeys(draft.reads)),
        error=draft.error,
        attributes=rest,
        seq=draft.seq,
        agent=draft.agent,
        usage=draft.usage,
        plumbing=draft.plumbing,
        basis=draft.basis,
    )


def _system(resource: Mapping[str, object], drafts: Sequence[Draft]) -> System | None:
    app, release = (str(resource[key]) if resource.get(key) else None for key in ("service.name", "service.version"))
    models = (draft.body.model for draft in drafts if isinstance(draft.body, Generation) and draft.body.model)
    system = System(app=app, release=release, model=next(models, None))
    return None if system == System() else system


def _decoding_notes(spans: Sequence[RawSpan]) -> Iterator[Diagnostic]:
    """One diagnostic per code met while decoding, with how many spans it concerns."""
    met: dict[str, list[str]] = {}
    for span in spans:
        for code in dict.fromkeys(span.notes):
            met.setdefault(code, []).append(span.id)
    for code, ids in met.items():
        yield note(code, _SAID[code].format(n=len(ids)), ids[0], "info" if code in _HARMLESS else "warn")


def _order_notes(spans: Sequence[RawSpan]) -> Iterator[Diagnostic]:
    """A tracer writes spans as they start, or as they end, scope by scope; another order is told, and never relied on."""
    scopes: dict[str, list[RawSpan]] = {}
    for span in spans:
        scopes.setdefault(span.scope, []).append(span)
    if any(not (_rising(s.start for s in own) or _rising(s.end for s in own)) for own in scopes.values()):
        text = f"{len(spans)} spans stand in the file neither as they started nor as they ended; ordered by their tree"
        yield note("span.unordered", text, level="info")


def _rising(moments: Iterable[float | None]) -> bool:
    return all(before <= after for before, after in pairwise(moment for moment in moments if moment is not None))


_HARMLESS = ("id.normalised", "keys.snake_case")
_SAID = {
    "id.normalised": "ids of {n} spans were brought to lower-case hexadecimal",
    "keys.snake_case": "{n} spans are written in snake_case; read like the camelCase of the specification",
    "clock.naive": "{n} spans have times without a zone, read as UTC",
    "clock.unit_guessed": "{n} spans have times in a unit that was guessed by magnitude",
}


def _placed(diagnostic: Diagnostic, uri: str) -> Diagnostic:
    return msgspec.structs.replace(diagnostic, where=diagnostic.where or uri)
