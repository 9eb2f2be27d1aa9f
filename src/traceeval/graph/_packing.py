"""Which documents stand in the prompt that was actually sent, and as which text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from traceeval.model import Generation, Hit, Message, Partial, Span, text_of

_ANCHOR = 24


@dataclass(frozen=True, slots=True)
class Packed:
    """A document in the prompt: its text as it stands there, where it begins, and whether it is all of it."""

    hit: Hit
    text: str
    start: int
    whole: bool


def prompt_text(span: Span | None) -> tuple[str | None, str | None]:
    """(text the model read, gap): None when the prompt was not recorded; the gap names a cut or redacted message.

    Tool results are left out: they are passages of their own.
    """
    body = span.body if span is not None else None
    if not isinstance(body, Generation) or body.messages is None:
        return None, None
    told = [message for message in body.messages if message.role != "tool"]
    gap = next((f"messages.{n}" for n, m in enumerate(told) if isinstance(m.content, Partial)), None)
    if gap is None and not any(text_of(message.content) for message in told):
        return None, None
    return "\n".join(_squeezed(message) for message in told), gap


def _squeezed(message: Message) -> str:
    return squeeze(text_of(message.content) or "")


def squeeze(text: str) -> str:
    """White space folded, so that line breaks do not hide a document."""
    return " ".join(text.split())


def pack(hits: Iterable[Hit], prompt: str) -> tuple[Packed, ...]:
    """Documents found in the prompt, in prompt order: by their text, by the part of it that was kept, or by their id.

    A prefix of the text counts when the rest is missing (the assembler cut it); ``whole`` is False then.
    """
    found: dict[str, Packed] = {}
    for hit in hits:
        if hit.doc in found:
            continue
        placed = _place(hit, prompt)
        if placed is not None:
            found[hit.doc] = placed
    return tuple(sorted(found.values(), key=lambda packed: (packed.start, packed.hit.rank)))


def _place(hit: Hit, prompt: str) -> Packed | None:
    text = squeeze(text_of(hit.text) or "")
    if text:
        at = prompt.find(text)
        if at >= 0:
            return Packed(hit, text, at, not isinstance(hit.text, Partial))
        kept = _kept_prefix(text, prompt)
        if kept is not None:
            return Packed(hit, text[: kept[1]], kept[0], False)
    at = prompt.find(f"[{hit.doc}]")
    return Packed(hit, text, at, False) if at >= 0 and not text else None


def _kept_prefix(text: str, prompt: str) -> tuple[int, int] | None:
    """(place, length) of the longest prefix of the text in the prompt, if it is long enough to be no accident."""
    if len(text) < 2 * _ANCHOR:
        return None
    at = prompt.find(text[:_ANCHOR])
    if at < 0:
        return None
    length = _common(text, prompt[at : at + len(text)])
    return at, length


def _common(left: Sequence[str], right: Sequence[str]) -> int:
    for place, (a, b) in enumerate(zip(left, right, strict=False)):
        if a != b:
            return place
    return min(len(left), len(right))
