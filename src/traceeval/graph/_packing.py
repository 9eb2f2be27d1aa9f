"""Which documents stand in the prompt that was actually sent, and as which text.

A document is there by its text, by the part of its text that was kept, or by its id in brackets. Nothing is guessed
from order or count.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence

import msgspec
from msgspec.structs import replace

from traceeval.graph._document_numbers import document_numbers
from traceeval.model import Generation, Hit, Json, Message, Partial, Span, text_of

ANCHOR = 24  # characters that a cut text must at least have
_MOST_PLACES = 16


class Packed(msgspec.Struct, frozen=True, gc=False):
    """A document in the prompt: its text as it stands there, where it begins, and whether the prompt has all of it.

    ``label``: the number the prompt marks it with, None where it has none.
    """

    hit: Hit
    text: str
    start: int
    whole: bool = True
    label: str | None = None

    @property
    def end(self) -> int:
        """Where its text ends."""
        return self.start + len(self.text)


def prompt_text(span: Span | None) -> tuple[str | None, str | None]:
    """(what the model read, gap): None when the prompt was not recorded; the gap names a cut or redacted message.

    One line a message, white space folded. Tool messages are among them, for a retriever may be called as a tool.
    """
    body = span.body if span is not None else None
    if not isinstance(body, Generation) or body.messages is None:
        return None, None
    gap = next((f"messages.{n}" for n, m in enumerate(body.messages) if isinstance(m.content, Partial)), None)
    if gap is None and not any(_is_told(message) for message in body.messages):
        return None, None
    return "\n".join(_searched(message) for message in body.messages), gap


def _is_told(message: Message) -> bool:
    return message.role != "tool" and bool(text_of(message.content))


def _searched(message: Message) -> str:
    """The text of a message; behind it, where it is JSON, its strings without the escapes that would hide a document."""
    text = text_of(message.content) or ""
    strings = unescaped(text)
    return squeeze(text if strings is None else f"{text} {strings}")


def squeeze(text: str) -> str:
    """White space folded, so that line breaks do not hide a document."""
    return " ".join(text.split())


class Folded(dict[str, str]):
    """Text -> the same with white space folded, each folded when it is first asked for."""

    def __missing__(self, text: str) -> str:
        """Fold and keep it."""
        found = self[text] = squeeze(text)
        return found


def unescaped(text: str) -> str | None:
    """The strings of a text that is JSON with escapes, one a line; None when it is nothing of the kind."""
    if "\\" not in text or text[:1] not in ("[", "{"):
        return None
    try:
        return "\n".join(_strings(msgspec.json.decode(text)))
    except (msgspec.DecodeError, RecursionError):
        return text.replace("\\n", " ")


def _strings(value: Json) -> list[str]:
    found, waiting = [], [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            waiting.extend(reversed(one.values()))
        elif isinstance(one, list):
            waiting.extend(reversed(one))
        elif one is not None:
            found.append(str(one))
    return found


def pack(hits: Iterable[Hit], prompt: str, folded: Folded | None = None) -> tuple[Packed, ...]:
    """Documents found in the prompt, in prompt order; each text once, so a document of two chunks may be there twice.

    A prefix of the text counts when the rest is missing (``whole`` False), unless it is the head of another chunk.
    ``folded``: texts that were folded before.
    """
    folded = Folded() if folded is None else folded
    texts = [(hit, folded[text_of(hit.text) or ""]) for hit in hits]
    whole = [Packed(hit, text, at) for hit, text in texts if text and (at := prompt.find(text)) >= 0]
    found = _outermost(whole)
    there = {id(one.hit) for one in whole}
    left = [(hit, text) for hit, text in texts if id(hit) not in there]
    found += _prefixes(left, prompt, found)
    there.update(id(one.hit) for one in found)
    found += _marked([(hit, text) for hit, text in left if id(hit) not in there], prompt, found)
    ordered = sorted(found, key=lambda packed: (packed.start, packed.hit.rank))
    return tuple(
        replace(one, label=label) if label else one
        for one, label in zip(ordered, document_numbers(ordered, prompt), strict=True)
    )


def _outermost(found: list[Packed]) -> list[Packed]:
    """Without texts that are only a part of another text of the same document."""
    if len({one.hit.doc for one in found}) == len(found):
        return found
    kept: list[Packed] = []
    for one in sorted(found, key=lambda packed: -len(packed.text)):
        if not any(o.hit.doc == one.hit.doc and o.start <= one.start and one.end <= o.end for o in kept):
            kept.append(one)
    return kept


def _prefixes(left: Sequence[tuple[Hit, str]], prompt: str, whole: Sequence[Packed]) -> list[Packed]:
    """Cut texts. A place in the prompt belongs to the text that agrees with it longest."""
    cut = [one for hit, text in left if (one := _longest_prefix(hit, text, prompt)) is not None]
    kept: list[Packed] = []
    for one in sorted(cut, key=lambda packed: -len(packed.text)):
        if not any(other.start <= one.start < other.end for other in (*whole, *kept)):
            kept.append(one)
    return kept


def _longest_prefix(hit: Hit, text: str, prompt: str) -> Packed | None:
    """The place where the most of a text stands, if that is long enough to be no accident."""
    if len(text) < 2 * ANCHOR:
        return None
    best, at = 0, -1
    start = -1
    for _ in range(_MOST_PLACES):
        at = prompt.find(text[:ANCHOR], at + 1)
        if at < 0:
            break
        length = _agreement(text, prompt, at)
        if length > best:
            best, start = length, at
    return Packed(hit, text[:best].rstrip(), start, whole=False) if start >= 0 else None


def _agreement(text: str, prompt: str, at: int) -> int:
    """How many characters of the text stand in the prompt from ``at`` on."""
    return bisect_right(range(1, len(text) + 1), False, key=lambda n: not prompt.startswith(text[:n], at))


def _marked(left: Sequence[tuple[Hit, str]], prompt: str, found: Sequence[Packed]) -> list[Packed]:
    """Documents that stand there under their id in brackets, in other words than were recorded, or none were."""
    marks = [(at, hit, text) for hit, text in left if _is_mark(hit.doc) and (at := prompt.find(f"[{hit.doc}]")) >= 0]
    if not marks:
        return []
    starts = sorted({*(at for at, _, _ in marks), *(one.start for one in found)})
    placed = []
    for at, hit, text in marks:
        begin = at + len(hit.doc) + 2
        following = bisect_right(starts, at)
        stop = starts[following] if following < len(starts) else len(prompt)
        said = prompt[begin:stop].partition("\n")[0]
        indent = len(said) - len(said.lstrip())
        placed.append(Packed(hit, said.strip(), begin + indent, whole=not text))
    return placed


def _is_mark(doc: str) -> bool:
    """Whether an id in brackets can only mean the document: ``[2]`` may be the second of anything."""
    return not doc.isdigit() or len(doc) > 3
