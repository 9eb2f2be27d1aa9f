"""Which reads return private data: by annotation, else by what the tool's name says it reads."""

from __future__ import annotations

from traceeval.graph._call import Call
from traceeval.graph._lexicon import telling, words_of
from traceeval.model import Mark


def private(call: Call) -> bool:
    """Whether a call reads data that should not leave."""
    return call.changes is not True and bool(marks_of(call)[0])


def marks_of(call: Call) -> tuple[frozenset[Mark], bool]:
    """(marks of what a call returns, whether a person declared them)."""
    if call.spec.output_labels is not None:
        return frozenset(call.spec.output_labels), True
    words = frozenset(words_of(call.name))
    words |= {word.removesuffix("s") for word in words}
    found: set[Mark] = set()
    if words & telling("private_secret"):
        found.add("secret")
    if words & telling("private_personal"):
        found.add("pii")
    return frozenset(found), False
