"""Versioned word lists of the trajectory rules, read once from data files."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from traceeval.measures.looks import Look
from traceeval.measures.memo import remembered
from traceeval.measures.tokens import stem, tokenise
from traceeval.model import Effect, Role


@cache
def _table(name: str) -> Mapping[str, Any]:
    return tomllib.loads((files("traceeval.graph") / "data" / name).read_text(encoding="utf-8"))


@cache
def pattern(name: str) -> re.Pattern[str]:
    """One alternative of all phrases of that name."""
    return re.compile(
        "|".join(f"(?:{phrase})" for phrase in _table("phrases.toml")[name]), re.IGNORECASE | re.MULTILINE
    )


@cache
def spoken(name: str) -> re.Pattern[str]:
    """One alternative of all forms of a table of ``speech.toml``, in each of its languages."""
    forms = [form for listed in _table("speech.toml")[name].values() for form in listed]
    return re.compile("|".join(f"(?:{form})" for form in forms), re.IGNORECASE)


@cache
def _foreign() -> re.Pattern[str]:
    """Words for actions in other languages than English, each class a named group."""
    classes: Mapping[str, list[str]] = _table("speech.toml")["classes"]
    groups = (rf"(?P<{name}>\b(?:{'|'.join(words)})\b)" for name, words in classes.items())
    return re.compile("|".join(groups), re.IGNORECASE)


def spoken_classes(text: str) -> frozenset[str]:
    """Classes of action that a text names, in English, German or French."""
    return action_classes(text) | {str(match.lastgroup) for match in _foreign().finditer(text)}


@cache
def looked_for(name: str) -> tuple[str, ...]:
    """Words without one of which ``pattern(name)`` matches nothing: for ``measures.looks.may_hold``."""
    return tuple(_table("phrases.toml")[f"{name}_words"])


@cache
def look_for(name: str) -> Look:
    """Whether ``pattern(name)`` matches anywhere, told fast."""
    return Look(_table("phrases.toml")[name])


@cache
def words_of(name: str) -> tuple[str, ...]:
    """Words of a tool's own name, lower case, without its namespace: ``gmail.sendEmail`` is send, email."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", re.split(r"[./:]|__", name)[-1])
    return tuple(word.lower() for word in re.split(r"[_\W]+", parted) if word)


@cache
def effect_of_verb(word: str) -> Effect | None:
    """The effect a verb in a tool name suggests; None for words that suggest none."""
    effects: Mapping[Effect, list[str]] = _table("verbs.toml")["effects"]
    return next((effect for effect, words in effects.items() if word in words), None)


@cache
def listed(table: str, key: str = "words") -> frozenset[str]:
    """Words of a table of ``verbs.toml``: ``either``, ``nouns``, ``once``, ``final``, ``scratch``."""
    return frozenset(_table("verbs.toml")[table][key])


def named(table: str) -> frozenset[str]:
    """Whole tool names of a table: ``scratch``."""
    return listed(table, "names")


@cache
def particle_effect(first: str, second: str) -> Effect | None:
    """The effect of a verb with its particle, where that is another than the verb's: ``check_out``."""
    particles: Mapping[str, Effect] = _table("verbs.toml")["particles"]
    return particles.get(f"{first}_{second}") or particles.get(first)


@cache
def converses(name: str) -> str | None:
    """``handoff`` or ``speech`` for a tool that only moves the conversation; None for any other."""
    kinds: Mapping[str, list[str]] = _table("verbs.toml")["conversation"]
    plain = "_".join(words_of(name))
    return next((kind for kind, forms in kinds.items() if any(re.search(form, plain) for form in forms)), None)


@cache
def commands(table: str, key: str = "words") -> frozenset[str]:
    """Words of a table of ``commands.toml``."""
    return frozenset(_table("commands.toml")[table][key])


@remembered(200_000)
def place_in(table: str, text: str) -> str | None:
    """The first words of a text that match a pattern of a table of ``commands.toml``: ``secret_places`` or ``harmful``."""
    match = _places(table).search(text) if _place_look(table)(text) else None
    return match.group() if match is not None else None


@cache
def _places(table: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in _table("commands.toml")[table]["patterns"]), re.IGNORECASE)


@cache
def _place_look(table: str) -> Look:
    return Look(_table("commands.toml")[table]["patterns"])


@cache
def telling(table: str) -> frozenset[str]:
    """Single words of a table of ``phrases.toml``: ``volatile`` or ``outside``."""
    return frozenset(_table("phrases.toml")[table])


@cache
def role_of(argument: str) -> Role:
    """The role an argument's name suggests; ``free`` when none does."""
    roles: Mapping[Role, list[str]] = _table("phrases.toml")["roles"]
    name = argument.rsplit(".", 1)[-1].lower()
    return next((role for role, forms in roles.items() if any(re.search(form, name) for form in forms)), "free")


@cache
def _classes() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for name, words in _table("verbs.toml")["classes"].items():
        for word in words:
            found.setdefault(root(word), set()).add(name)
    return {word: frozenset(names) for word, names in found.items()}


@cache
def action_verbs() -> frozenset[str]:
    """Plain verbs for actions and look-ups, as requests begin with them."""
    table = _table("verbs.toml")
    named = {word for words in table["classes"].values() for word in words}
    done = {word for effect, words in table["effects"].items() if effect != "pure" for word in words}
    return frozenset(named | done) - request_words("no_request")


def classes_of(word: str) -> frozenset[str]:
    """Classes of action of one word, given as its ``root``; empty for words that name none."""
    return _classes().get(word, frozenset())


@cache
def request_words(table: str) -> frozenset[str]:
    """Words of a table of ``requests.toml``."""
    return frozenset(_table("requests.toml")[table])


@lru_cache(maxsize=16_384)
def root(word: str) -> str:
    """A stem in which ``cancelled`` and ``cancel`` are one word."""
    found = stem(word)
    return found[:-1] if found.endswith("ll") and len(found) > 4 else found


def action_classes(text: str) -> frozenset[str]:
    """Classes of action the words of a text name, e.g. ``{"refund"}``."""
    table = _classes()
    return frozenset(name for word in tokenise(text.replace("_", " ")).low for name in table.get(root(word), ()))


@cache
def tool_classes(tool: str) -> frozenset[str]:
    """Classes of action of a tool, by its name; the first word that has any decides."""
    table = _classes()
    words = tokenise(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", tool).replace("_", " ").replace(".", " ")).low
    found = next((table[root(word)] for word in words if root(word) in table), frozenset())
    if {"send", "pay"} <= found:
        return found - {"send"} if request_words("money").intersection(words) else found - {"pay"}
    return found
