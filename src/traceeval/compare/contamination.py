"""A labelled set checked: strings that give labels away, rows that stand elsewhere, canaries, families across splits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from traceeval.measures.overlap import Given, copied, digests, giveaways, twins
from traceeval.model import CONTAMINATION, ContaminationReport, Copied, Json, Telling, Twins

LISTED, COPIED = 20, 0.2
"""Rows told of each kind; the share of its runs that makes a row a copy."""
Rows = Sequence[Mapping[str, Json]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """Which fields of a row say what. ``apart``: neither text nor label, such as annotations made after the label."""

    label: str | None = None
    id: str = "id"
    family: str | None = None
    split: str | None = None
    apart: tuple[str, ...] = ()


def check_contamination(
    rows: Rows, fields: Fields, *, elsewhere: Sequence[str] = (), canaries: Sequence[str] = ()
) -> ContaminationReport:
    """Every check that has its input. ``elsewhere``: texts of a corpus, of outputs; ``canaries``: strings that stand in the set."""
    texts = [list(texts_of(row, fields)) for row in rows]
    names = [str(row.get(fields.id, at)) for at, row in enumerate(rows)]
    copies = list(_copies(texts, names, elsewhere)) if elsewhere else []
    pairs = list(_twins(rows, texts, names, fields)) if fields.split else []
    given = _given(rows, texts, fields) if fields.label else {}
    return ContaminationReport(
        schema_version=CONTAMINATION,
        rows=len(rows),
        giveaways=tuple(_giveaways(given)),
        copied=tuple(sorted(copies, key=lambda one: -one.share)[:LISTED]),
        copied_rows=len(copies),
        canaries=tuple(one for one in canaries if any(one in text for text in elsewhere)),
        twins=tuple(pairs[:LISTED]),
        twin_pairs=len(pairs),
        skipped=(*_untellable(given), *_skipped(fields, elsewhere, canaries)),
    )


def texts_of(row: Mapping[str, Json], fields: Fields) -> Iterator[str]:
    """Every string of a row but those of fields that are no text of it."""
    no_text = {fields.label, fields.id, fields.family, fields.split, *fields.apart}
    for name, value in row.items():
        if name not in no_text:
            yield from _strings(value)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list):
        for one in value.values() if isinstance(value, Mapping) else value:
            yield from _strings(one)


def _given(rows: Rows, texts: Sequence[Sequence[str]], fields: Fields) -> dict[str, Given]:
    """Each label against the rest; of two labels one says it all."""
    labels = [str(row.get(fields.label or "")) for row in rows]
    kinds = sorted(set(labels))
    return {
        kind: giveaways((text, label == kind) for text, label in zip(texts, labels, strict=True))
        for kind in (kinds[1:] if len(kinds) == 2 else kinds)
    }


def _untellable(given: Mapping[str, Given]) -> Iterator[str]:
    if few := [kind for kind, one in given.items() if not one.tellable]:
        yield f"strings that give away {', '.join(few[:LISTED])}: too few rows with the label or without to tell one from chance"


def _giveaways(given: Mapping[str, Given]) -> Iterator[Telling]:
    for kind, found in given.items():
        for one in found.found:
            yield Telling(
                string=one.string,
                label=kind,
                balanced_accuracy=one.balanced_accuracy,
                with_label=one.positives,
                without=one.negatives,
            )


def _copies(texts: Sequence[Sequence[str]], names: Sequence[str], elsewhere: Sequence[str]) -> Iterator[Copied]:
    known = digests(elsewhere)
    for text, name in zip(texts, names, strict=True):
        found = copied(text, known)
        if found is not None and found[0] >= COPIED:
            yield Copied(row=name, share=found[0], words=found[1])


def _twins(rows: Rows, texts: Sequence[Sequence[str]], names: Sequence[str], fields: Fields) -> Iterator[Twins]:
    splits = [str(row.get(fields.split or "")) for row in rows]
    seen: set[tuple[str, str]] = set()
    if fields.family:
        families: dict[str, list[int]] = defaultdict(list)
        for at, row in enumerate(rows):
            families[str(row.get(fields.family))].append(at)
        for members in families.values():
            first = {splits[at]: at for at in reversed(members)}
            one, *others = sorted(first.values())
            for other in others:
                seen.add((names[one], names[other]))
                yield Twins(one=names[one], other=names[other])
    for one, other, alike in twins(list(zip(texts, splits, strict=True))):
        if (names[one], names[other]) not in seen:
            yield Twins(one=names[one], other=names[other], alike=alike)


def _skipped(fields: Fields, elsewhere: Sequence[str], canaries: Sequence[str]) -> Iterator[str]:
    if not fields.label:
        yield "strings that give the label away: name its field with --label"
    if not elsewhere:
        yield "text that stands elsewhere: name a corpus or outputs with --corpus"
    if not (canaries and elsewhere):
        yield "canaries: name them with --canary, and where to look with --corpus"
    if not fields.split:
        yield "twins across splits: name the field with --split"
