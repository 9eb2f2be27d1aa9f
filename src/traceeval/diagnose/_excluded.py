"""What users rule out, and whether calls heeded it: for ``planner.dropped_constraint``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from traceeval.graph import Call, Dossier, Leaf
from traceeval.graph._infer import properties_of
from traceeval.graph._lexicon import pattern, words_of
from traceeval.measures.tokens import stem, tokenise
from traceeval.model import Json

_MOST_WORDS, _MOST, _LONGEST = 4, 50, 200
_NOT = frozenset({"no", "none", "never", "false", "0", "without"})


@dataclass(frozen=True, slots=True)
class Excluded:
    """A thing a user ruled out: its words, the stems that carry them, the turn and the range where they stand."""

    text: str
    stems: frozenset[str]
    at: int
    start: int
    end: int


def excluded(dossier: Dossier) -> Iterator[Excluded]:
    """What users rule out in turns that ask for something, as far as no later turn names it again; at most a few dozen."""
    return islice(_excluded(dossier), _MOST)


def _excluded(dossier: Dossier) -> Iterator[Excluded]:
    turns = list(dossier.graph.users)
    for number, (at, text) in enumerate(turns):
        if not pattern("asks").search(text):
            continue
        for lead in pattern("excluding").finditer(text):
            thing = pattern("excluded").match(text, lead.end())
            if thing is None:
                continue
            stems = frozenset(tokenise(thing[1]).content)
            said_again = any(stems <= set(tokenise(later).content) for _, later in turns[number + 1 :])
            if 0 < len(stems) <= _MOST_WORDS and not said_again:
                yield Excluded(thing[1], stems, at, thing.start(1), thing.end(1))


def broken(dossier: Dossier, one: Excluded, call: Call) -> Leaf | None:
    """The argument of a call that asks for the very thing: its value, or a yes to what is named like it."""
    return next((leaf for leaf in dossier.graph.flows.leaves(call) if _asks_for(one, leaf)), None)


def takes(one: Excluded, call: Call) -> bool:
    """Whether a call has an argument for what is to be left out, or one named like this thing."""
    names = [*(call.arguments if isinstance(call.arguments, dict) else ()), *_properties(call)]
    return any(_leaves_out(name) or one.stems <= _stems(name) for name in names)


def heeded(dossier: Dossier, one: Excluded, call: Call) -> bool:
    """Whether a call leaves it out: it stands in an argument for that, or what is named like it is given a no."""
    return any(
        (_leaves_out(leaf.path) and one.stems <= set(tokenise(str(leaf.value)).content))
        or (one.stems <= _stems(leaf.path) and _is_no(leaf.value))
        for leaf in dossier.graph.flows.leaves(call)
    )


def _asks_for(one: Excluded, leaf: Leaf) -> bool:
    if _leaves_out(leaf.path):
        return False
    if isinstance(leaf.value, str) and not _is_no(leaf.value):
        return len(leaf.value) <= _LONGEST and one.stems == frozenset(tokenise(leaf.value).content)
    return leaf.value is True and one.stems <= _stems(leaf.path)


def _is_no(value: Json) -> bool:
    return value is False or value == 0 or (isinstance(value, str) and value.strip().lower() in _NOT)


def _leaves_out(name: str) -> bool:
    return pattern("takes_exclusion").search("_".join(_words(name))) is not None


def _stems(name: str) -> frozenset[str]:
    return frozenset(map(stem, _words(name)))


@lru_cache(maxsize=4096)
def _words(path: str) -> tuple[str, ...]:
    """The words of an argument's path, without places in lists: ``filters.excludeItems[0]`` is filters, exclude, items."""
    return tuple(word for part in re.split(r"[.\[\]]", path) for word in words_of(part) if not word.isdigit())


def _properties(call: Call) -> Iterator[str]:
    yield from properties_of(call.parameters or call.spec.parameters)
