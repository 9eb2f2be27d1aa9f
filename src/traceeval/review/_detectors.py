"""What redaction looks for beyond addresses, numbers and keys with a prefix.

That is passwords, identity numbers, keys told by their entropy alone, and what detectors of plug-ins find.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from importlib.metadata import entry_points

from traceeval.errors import RedactionFailed
from traceeval.measures.secrets import entropy, has_run, named_in

GROUP = "traceeval.detectors"
MIN_BITS = 4.5  # of 32 and more random characters of base64: 4.6 and more; of a path or of words in camel case: less
Span = tuple[int, int, str]
Detector = Callable[[str], Iterable[Span]]
_TOKEN_LENGTH = 32
_TOKEN = re.compile(rf"(?<![\w+/=-])[A-Za-z0-9+/_-]{{{_TOKEN_LENGTH},}}={{0,2}}(?![\w+/=-])")
_MARK = "[REDACTED"


@cache
def plugged() -> Mapping[str, Detector]:
    """Detectors that are installed, by the name and version of what ships them."""
    found = {}
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name):
        shipped = entry.dist.version if entry.dist else "0"
        found[f"{entry.name}@{shipped}"] = entry.load()
    return found


def by_plugins(text: str, detectors: Mapping[str, Detector]) -> str:
    """The text without what detectors found.

    Raises:
        RedactionFailed: one of them failed, or named a place outside the text.
    """
    for name, detect in detectors.items():
        try:
            spans = [(int(start), int(end), str(kind)) for start, end, kind in detect(text)]
        except Exception as error:  # a stranger's code: whatever it raises, the text must not be shown
            raise RedactionFailed(f"detector {name} failed: {type(error).__name__}; the trace is blocked") from error
        if any(not 0 <= start < end <= len(text) for start, end, _ in spans):
            raise RedactionFailed(f"detector {name} names a place outside the text; the trace is blocked")
        text = without(text, spans)
    return text


def by_context(text: str) -> str:
    """The text without passwords that are named as such, and without identity numbers."""
    spans = [(one.start, one.end, one.kind) for one in named_in(text)]
    return without(text, [span for span in spans if not text.startswith(_MARK, span[0])]) if spans else text


def by_entropy(text: str) -> str:
    """The text without long tokens that only chance writes: upper and lower case, digits, no pattern."""
    if not has_run(text, _TOKEN_LENGTH):
        return text
    return without(text, [(found.start(), found.end(), "key") for found in _TOKEN.finditer(text) if _random(found[0])])


def _random(token: str) -> bool:
    digits = sum(char.isdigit() for char in token)
    mixed = digits >= 2 and any(char.isupper() for char in token) and any(char.islower() for char in token)
    return mixed and entropy(token.rstrip("=")) >= MIN_BITS


def without(text: str, spans: Iterable[Span]) -> str:
    """The text with each place replaced by what stood there; places that overlap are one, of the first kind."""
    return "".join(_parts(text, sorted(spans))) if spans else text


def _parts(text: str, spans: list[Span]) -> Iterator[str]:
    at = 0
    for start, end, kind in spans:
        if start >= at:
            yield text[at:start]
            yield f"{_MARK} {kind}]"
        at = max(at, end)
    yield text[at:]
