"""The spans of one trace, whatever encoding they came in, as a Trace: dialects, tree, links, shapes, texts, account."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files

import msgspec

from traceeval.adapters._content import limit_of
from traceeval.adapters._dialects import genai, openinference
from traceeval.adapters._draft import Draft, merged
from traceeval.adapters._fault import fault_of
from traceeval.adapters._imported import evaluations, is_evaluator
from traceeval.adapters._link import link_calls
from traceeval.adapters._raw import RawSpan
from traceeval.adapters._shapes import count_usage_once, fill_texts, find_rerankers
from traceeval.adapters._tally import Tally
from traceeval.adapters._texts import answer_of, question_of
from traceeval.adapters._tree import Tree, build, note, unique
from traceeval.model import (
    SCHEMA_VERSION,
    Basis,
    Body,
    Diagnostic,
    Hit,
    Imported,
    Kind,
    Origin,
    Partial,
    Rerank,
    Retrieval,
    Span,
    System,
    Trace,
)


def assemble(spans: Sequence[RawSpan], tally: Tally) -> Iterator[Trace | Imported]:
    """The trace of these spans and the evaluations among them; a trace of evaluations alone is no trace."""
    kept, notes, duplicates, partials = unique(spans)
    tally.folded["span.duplicate"] += duplicates
    tally.folded["span.partial"] += partials
    judged = [span for span in kept if is_evaluator(span)]
    own = [span for span in kept if not is_evaluator(span)]
    for span in kept:
        yield from evaluations(span)
    tally.kept["span.evaluation"] += len(judged)
    tally.kept["span"] += len(own)
    if own:
        yield _trace(own, notes, tally)


def _trace(spans: Sequence[RawSpan], notes: list[Diagnostic], tally: Tally) -> Trace:
    limit = limit_of(span.attributes for span in spans)
    tree = build(spans)
    drafts = _drafts(spans, tree, limit)
    tally.dialects.update({draft.dialect for draft in drafts if draft.dialect})
    notes = [*notes, *tree.notes, *_decoding_notes(spans)]
    notes += find_rerankers(drafts, limit)
    notes += count_usage_once(drafts)
    notes += link_calls(drafts)
    notes += fill_texts(drafts)
    made = [*_synthetic(tree), *(_span(draft) for draft in drafts)]
    notes += _content_notes(made)
    first = spans[0]
    dialects = sorted({draft.dialect for draft in drafts if draft.dialect})
    return Trace(
        id=first.trace, schema_version=SCHEMA_VERSION, spans=tuple(made), question=question_of(drafts, limit),
        answer=answer_of(drafts, limit), session=next((d.session for d in drafts if d.session), None),
        system=_system(first.resource), diagnostics=tuple(_placed(n, tally.uri) for n in notes),
        origin=Origin(format="otlp", uri=tally.uri, dialect="+".join(dialects) or None,
                      record=f"line {first.line}" if first.line else None),
    )  # fmt: skip


def _drafts(spans: Sequence[RawSpan], tree: Tree, limit: int | None) -> list[Draft]:
    by_id = {span.id: span for span in spans}
    drafts = []
    for seq, id_ in enumerate(tree.order):
        if id_ not in by_id:
            continue
        draft = _draft(by_id[id_], limit)
        draft.parent, draft.seq = tree.parents[id_], seq
        draft.error = fault_of(draft.raw)
        draft.plumbing = draft.kind is Kind.OTHER and draft.raw.name.lower() in plumbing_names()
        drafts.append(draft)
    return drafts


def _draft(span: RawSpan, limit: int | None) -> Draft:
    """One span as the dialects it speaks read it; OpenInference first, its side of documents is the richer one."""
    first, second = openinference.read(span, limit), genai.read(span, limit)
    if first is not None and second is not None:
        return merged(first, second)
    return first or second or Draft(raw=span, dialect="")


@cache
def plumbing_names() -> frozenset[str]:
    """Names of spans that belong to frameworks, lower-cased."""
    table = tomllib.loads((files("traceeval.adapters") / "_plumbing.toml").read_text(encoding="utf-8"))
    return frozenset(name.lower() for group in table.values() for name in group["names"])


def _synthetic(tree: Tree) -> Iterator[Span]:
    if tree.synthetic is not None:
        yield Span(id=tree.synthetic, kind=Kind.OTHER, name="root", seq=0, basis=Basis.INFERRED)


def _span(draft: Draft) -> Span:
    raw = draft.raw
    rest = {key: value for key, value in raw.attributes.items() if not key.startswith(draft.mapped or ("\0",))}
    return Span(
        id=raw.id, parent=draft.parent, kind=draft.kind, name=raw.name, start=raw.start, end=raw.end, body=draft.body,
        reads=tuple(dict.fromkeys(draft.reads)), error=draft.error, attributes=rest, seq=draft.seq, agent=draft.agent,
        usage=draft.usage, plumbing=draft.plumbing, basis=draft.basis,
    )  # fmt: skip


def _system(resource: Mapping[str, object]) -> System | None:
    app, release = resource.get("service.name"), resource.get("service.version")
    if app is None and release is None:
        return None
    return System(app=None if app is None else str(app), release=None if release is None else str(release))


def _decoding_notes(spans: Sequence[RawSpan]) -> Iterator[Diagnostic]:
    """One diagnostic per code met while decoding, with how many spans it concerns."""
    counts: dict[str, list[str]] = {}
    for span in spans:
        for code in dict.fromkeys(span.notes):
            counts.setdefault(code, []).append(span.id)
    for code, ids in counts.items():
        yield note(code, f"{len(ids)} spans", ids[0], "info")


def _content_notes(spans: Sequence[Span]) -> Iterator[Diagnostic]:
    for span in spans:
        states = set(_states(span.body))
        for state in ("cut", "redacted"):
            if state in states:
                yield note(f"content.{state}", f"text of {span.name} is {state}; no score rests on it", span.id)
    bases = {hit.id_basis for span in spans for hit in _hits(span.body)}
    if len(bases) > 1:
        yield note("id.mixed_basis", f"document ids come from {', '.join(sorted(bases))}")


def _states(value: object) -> Iterator[str]:
    """States of every partial text in a body."""
    if isinstance(value, Partial):
        yield value.state
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from _states(getattr(value, name))
    elif isinstance(value, tuple):
        for item in value:
            yield from _states(item)


def _hits(body: Body | None) -> Iterator[Hit]:
    if isinstance(body, Retrieval):
        yield from body.hits or ()
    elif isinstance(body, Rerank):
        yield from (*(body.before or ()), *(body.after or ()))


def _placed(diagnostic: Diagnostic, uri: str) -> Diagnostic:
    return msgspec.structs.replace(diagnostic, where=diagnostic.where or uri)
