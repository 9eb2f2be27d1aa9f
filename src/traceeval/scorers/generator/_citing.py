"""Citations of an answer brought together: the words that cite, and the passages they name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from traceeval.graph import in_context
from traceeval.graph.views import AnswerView
from traceeval.measures.citations import Mark, citations_in, same_source
from traceeval.measures.claims import Sentence, claims_of
from traceeval.measures.support import content_count
from traceeval.measures.tokens import tokenise
from traceeval.model import Passage

_LEAST = 3  # content words from which on the words before a mark can be what it is about


@dataclass(frozen=True, slots=True)
class Citing:
    """Some words of an answer (``text``, at ``start`` to ``end``) with the labels they cite, each with its target.

    A target is every passage of the document; empty: nothing in the prompt has that label. ``any_of``: the labels are
    about the answer as a whole, each about any of its claims.
    """

    text: str
    start: int
    end: int
    labels: tuple[str, ...]
    targets: tuple[tuple[Passage, ...], ...]
    any_of: tuple[str, ...] = ()


def citings_of(view: AnswerView) -> tuple[Citing, ...]:
    """Every group of labels with the words it stands behind; what stands on a question or a greeting cites nothing."""
    answer = view.answer or ""
    found = citations_in(answer)
    if not found.marks and not found.whole:
        return ()
    shown = _Shown(view)
    resolved = [(mark, shown.target(mark.label, found.notes)) for mark in found.marks]
    kept = [(mark, target) for mark, target in resolved if mark.sure or target]
    claims = claims_of(answer)
    citing = list(_in_sentences(answer, kept, claims))
    asserted = tuple(claim.text for claim in claims if claim.skip is None and not _is_note(claim, found.whole))
    for mark in found.whole if asserted else ():
        target = shown.target(mark.label, found.notes)
        citing.append(Citing(mark.label, mark.start, mark.end, (mark.label,), (target,), any_of=asserted))
    return tuple(citing)


def _is_note(claim: Sentence, whole: Sequence[Mark]) -> bool:
    return any(claim.start <= mark.start < claim.end for mark in whole)


def _in_sentences(
    answer: str, marks: Sequence[tuple[Mark, tuple[Passage, ...]]], claims: Sequence[Sentence]
) -> Iterator[Citing]:
    """Labels by the sentence they stand in or behind, and within it by the words before them."""
    by_sentence: dict[int, list[tuple[Mark, tuple[Passage, ...]]]] = {}
    for mark, target in marks:
        at = _sentence_at(answer, mark, claims)
        if at is not None and claims[at].skip in (None, "no_content"):
            by_sentence.setdefault(at, []).append((mark, target))
    for at, cited in by_sentence.items():
        yield from _in_sentence(answer, claims[at], cited)


def _sentence_at(answer: str, mark: Mark, claims: Sequence[Sentence]) -> int | None:
    """The sentence a mark stands in; else the one before it on its line; else the one behind it."""
    inside = next((n for n, s in enumerate(claims) if s.start <= mark.start < s.end), None)
    if inside is not None:
        return inside
    before = [
        n for n, s in enumerate(claims) if s.end <= mark.start and "\n" not in answer[s.end : mark.start].strip(" ")
    ]
    if before:
        return before[-1]
    return next((n for n, s in enumerate(claims) if s.start >= mark.start), None)


def _in_sentence(
    answer: str, sentence: Sentence, cited: Sequence[tuple[Mark, tuple[Passage, ...]]]
) -> Iterator[Citing]:
    """Marks that stand together are one group. Each group is about the words since the one before, if they claim enough."""
    groups: list[list[tuple[Mark, tuple[Passage, ...]]]] = []
    for mark, target in cited:
        if groups and not _words(answer[groups[-1][-1][0].end : mark.start]):
            groups[-1].append((mark, target))
        else:
            groups.append([(mark, target)])
    begin = sentence.start
    for group in groups:
        start, end = begin, min(group[0][0].start, sentence.end)
        begin = group[-1][0].end
        if start >= end or content_count(tokenise(answer[start:end])) < _LEAST:
            start, end = sentence.start, sentence.end
        yield Citing(
            text=_plain(answer[start:end], [mark for mark, _ in cited], start),
            start=start,
            end=end,
            labels=tuple(mark.label for mark, _ in group),
            targets=tuple(target for _, target in group),
        )


def _words(text: str) -> bool:
    return any(map(str.isalnum, text))


def _plain(text: str, marks: Sequence[Mark], offset: int) -> str:
    """Words of an answer without the marks in them and a connective at their head."""
    for mark in sorted(marks, key=lambda one: -one.start):
        start, end = max(mark.start - offset, 0), max(mark.end - offset, 0)
        text = f"{text[:start]} {text[end:]}" if start < len(text) and end > start else text
    return " ".join(text.split()).removeprefix("and ").removeprefix("but ").strip(" ,;")


class _Shown:
    """The passages of the context as labels can name them."""

    def __init__(self, view: AnswerView) -> None:
        self.passages = in_context(view)
        chunks = [passage for passage in self.passages if passage.kind == "chunk"]
        self.ordered = chunks or list(self.passages)
        self.numbered = any(passage.label for passage in self.passages)

    def target(self, label: str, notes: Mapping[str, str]) -> tuple[Passage, ...]:
        """What a label stands for: what the list of sources says, an id, the number in the prompt, else the place."""
        note = notes.get(label)
        named = self._named(note) if note is not None else ()
        return named or self._named(label) or self._placed(label)

    def _named(self, label: str) -> tuple[Passage, ...]:
        found = tuple(p for p in self.passages if any(same_source(label, name) for name in _names(p)))
        if found:
            return found
        words = {word.strip("[]().,;\"'").casefold() for word in label.split()[:12]} if " " in label else set()
        return tuple(p for p in self.passages if words & {name.casefold() for name in _names(p)})

    def _placed(self, label: str) -> tuple[Passage, ...]:
        if not label.isdecimal():
            return ()
        if self.numbered:
            return tuple(p for p in self.passages if p.label is not None and int(p.label) == int(label))
        place = int(label)
        return (self.ordered[place - 1],) if 1 <= place <= len(self.ordered) else ()


def _names(passage: Passage) -> tuple[str, ...]:
    return tuple(name for name in (passage.doc, passage.id) if name)
