"""The rung ``encoded``: a value of a sink that stands nowhere plainly, but hidden, on either side.

Looked for in arguments of sinks only. The argument may hide what was observed (an address in base64, a key split over
two arguments); or what was observed may hide the argument (an instruction in invisible characters).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from traceeval.graph._encoded import LEAST, Decoded, decodings
from traceeval.graph._ladder import Hold, Ladder
from traceeval.graph._layer import Layer, Place
from traceeval.graph._layers import value_layer
from traceeval.graph._observed import Observation, Observed
from traceeval.graph._runs import runs
from traceeval.graph._sought import LONG, Piece, sought, told

_WINDOWS = (2, 3, 4)
_JOINED = 10
_PHRASES, _PHRASE_RUNS = 6, 4
_MOST = 60


class Hidden:
    """Hidden values of one trace. Two more passes at most: one for what arguments hide, one over what was observed."""

    def __init__(self, ladder: Ladder) -> None:
        self._ladder = ladder
        self._derived: tuple[Observed, list[tuple[int, Decoded]], Layer[str]] | None = None
        self._wanted: set[str] = set()

    def want(self, calls: Iterable[list[str]]) -> None:
        """Gather the string arguments of all sinks, call by call, and what adjacent ones make together."""
        for texts in calls:
            self._ladder.values.want(joined for _, _, joined in windows(texts))
            for text in texts:
                self._ladder.values.want(value for value, _, _, _ in _hints(text))
                self._wanted.update(piece.text for piece in _plain(text))

    def sources(self, text: str, until: int, at: float, *, found: bool) -> list[Hold]:
        """Where a string argument comes from, hidden. ``found``: it stands somewhere plainly, so only runs inside it count."""
        places = [
            Hold(replace(place, match="encoded"), start, end, encoding)
            for value, start, end, encoding in _hints(text)
            if not (found and encoding == "reversed")
            for place in self._ladder.values.find(value, until)
        ]
        if not places and not found:
            places = list(self._observed(text, at))
        return places

    def split(self, texts: list[str], until: int) -> Iterator[tuple[int, int, Place]]:
        """(first, last + 1, place) of adjacent string arguments that make a value together."""
        for first, last, joined in windows(texts):
            yield from ((first, last, place) for place in self._ladder.values.find(joined, until))

    def _observed(self, text: str, at: float) -> Iterator[Hold]:
        """Places where something observed hides the argument."""
        derived, where, layer = self._derived or self._decode()
        for piece in _plain(text):
            for place in layer.find(piece.text, derived.until(at)):
                number, decoded = where[place.number]
                start, end = decoded.place(place.start, place.end)
                yield Hold(Place(number, start, end, "encoded"), piece.start, piece.end, decoded.encoding)

    def _decode(self) -> tuple[Observed, list[tuple[int, Decoded]], Layer[str]]:
        """Everything that hides in what was observed, as observations of their own."""
        where = [
            (number, decoded)
            for number, seen in enumerate(self._ladder.observed.observations)
            for decoded in decodings(seen.text)
        ]
        texts = []
        for number, decoded in where:
            seen = self._ladder.observed.observations[number]
            texts.append(Observation(seen.span, seen.field, decoded.text, seen.at, seen.trust))
        derived = Observed(tuple(texts))
        self._derived = (derived, where, value_layer(derived))
        self._derived[2].want(self._wanted)
        return self._derived


def windows(texts: list[str]) -> Iterator[tuple[int, int, str]]:
    """(first, last + 1, joined) of every few adjacent strings that are long enough together to mean something."""
    for size in _WINDOWS:
        for first in range(len(texts) - size + 1):
            joined = "".join(texts[first : first + size])
            if _JOINED <= len(joined) <= 2 * LONG:
                yield first, first + size, joined
    if len(texts) > _WINDOWS[-1] and max(map(len, texts)) <= _WINDOWS[-1]:
        joined = "".join(texts)
        if _JOINED <= len(joined) <= 2 * LONG:
            yield 0, len(texts), joined


def _plain(text: str) -> Iterator[Piece]:
    """What a hidden source would state: the whole of a short value, the telling pieces of a long one."""
    for piece in sought(text).pieces[:_MOST]:
        if len(piece.text) >= LEAST:
            yield piece
            yield from (part for part in piece.parts if len(part.text) >= LEAST)


def _hints(text: str) -> Iterator[tuple[str, int, int, str]]:
    """(value to look up, start, end, encoding): what an argument would say if it hides something."""
    for decoded in decodings(text):
        for value in dict.fromkeys(_values(decoded.text)):
            yield value, decoded.start, decoded.end, decoded.encoding
    if LEAST <= len(text) <= LONG and any(map(str.isalnum, text)):
        yield text[::-1], 0, len(text), "reversed"
    elif len(text) > LONG:
        turned = text[::-1]
        for piece in told(turned)[:_MOST]:
            yield piece.text, len(text) - piece.end, len(text) - piece.start, "reversed"


def _values(text: str) -> Iterator[str]:
    """The telling pieces of a decoded text, itself where it is short, and a few phrases where it is long."""
    plain = text.strip()
    if LEAST <= len(plain) <= LONG:
        yield plain
    yield from (piece.text for piece in told(plain)[:_MOST] if len(piece.text) >= LEAST)
    if len(plain) > LONG:
        found = list(runs(plain[:5000]))
        step = max(1, (len(found) - _PHRASE_RUNS) // _PHRASES)
        for at in range(0, max(0, len(found) - _PHRASE_RUNS), step):
            phrase = plain[found[at][1] : found[at + _PHRASE_RUNS - 1][2]]
            if LEAST <= len(phrase) <= 2 * LONG:
                yield phrase
