"""Annotations of tools nobody annotated: from names, schemas, descriptions, hints. Always marked as inferred.

A server's description and hints are its own word: they may raise what a tool is taken for, never lower it
(trajectories.md section 3).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from traceeval.graph._lexicon import (
    converses,
    effect_of_verb,
    listed,
    particle_effect,
    role_of,
    telling,
    words_of,
)
from traceeval.model import CHANGING, Basis, Effect, Json, Role, ToolOffer, ToolSpec

CONFIDENCE, WEAK = 0.6, 0.4
_STRENGTH: tuple[Effect, ...] = ("unknown", "pure", "read", "write", "external", "privileged")
_FIRST_WORDS = re.compile(r"[A-Za-z]+")


def infer_tool(name: str, offer: ToolOffer | None = None) -> ToolSpec:
    """What a tool's name, its schema, its description and its server's hints suggest."""
    return _by_name(name) if offer is None else _inferred(name, offer)


@lru_cache(maxsize=4096)
def _by_name(name: str) -> ToolSpec:
    return _inferred(name, None)


def _inferred(name: str, offer: ToolOffer | None) -> ToolSpec:
    effect, confidence = infer_effect(name, offer)
    parameters = offer.parameters if offer is not None else None
    words, verb, hints = frozenset(words_of(name)), reading_of(name).verb, _hints(offer)
    open_world = hints.get("openWorldHint") is True
    outside = not words.isdisjoint(_forms(telling("outside")))
    return ToolSpec(
        name=name,
        effect=effect,
        volatile=not words.isdisjoint(telling("volatile")) or None,
        idempotent=False if _listed(verb, "once", effect) or hints.get("idempotentHint") is False else None,
        reversible=False if _listed(verb, "final", effect) or hints.get("destructiveHint") is True else None,
        arg_roles=infer_roles(properties_of(parameters)),
        output_trust="untrusted" if effect in ("read", "unknown") and (outside or open_world) else None,
        ends=converses(name) == "handoff" or None,
        parameters=parameters,
        basis=Basis.INFERRED,
        confidence=confidence,
    )


def infer_roles(arguments: Iterable[str]) -> dict[str, Role]:
    """Roles by argument name, ``free`` where the name says nothing."""
    return {argument: role_of(argument) for argument in arguments}


def properties_of(parameters: Mapping[str, Json] | None) -> Mapping[str, Json]:
    """The listed arguments of a JSON Schema, which comes from a trace and may be anything."""
    listed_ = parameters.get("properties") if isinstance(parameters, Mapping) else None
    return listed_ if isinstance(listed_, dict) else {}


def infer_effect(name: str, offer: ToolOffer | None = None) -> tuple[Effect, float]:
    """(effect, confidence). By the name; else, upwards only, by description, arguments and hints."""
    if converses(name):
        return "pure", CONFIDENCE
    reading = reading_of(name)
    effect, confidence = reading.effect, reading.confidence
    hints = _hints(offer)
    if effect == "unknown":
        told = _described(offer)
        effect = told if told in CHANGING else _addressed(offer)
        confidence = WEAK
    if effect in ("unknown", "pure", "read") and hints.get("destructiveHint") is True:
        return "write", WEAK
    if effect == "unknown" and hints.get("readOnlyHint") is False:
        return "write", WEAK
    if effect == "write" and hints.get("openWorldHint") is True:
        return "external", WEAK
    return effect, confidence if effect != "unknown" else 0.0


@dataclass(frozen=True, slots=True)
class NameReading:
    """How a tool's name was read: the verb that decided (None: no verb did), the effect it suggests, how sure that is."""

    effect: Effect = "unknown"
    confidence: float = 0.0
    verb: str | None = None


@cache
def reading_of(name: str) -> NameReading:
    """The effect a name suggests, by the rules told in ``verbs.toml``."""
    words = words_of(name)
    if not words:
        return NameReading()
    particle = particle_effect(words[0], words[1] if len(words) > 1 else "")
    if particle is not None:
        return NameReading(particle, CONFIDENCE, words[0])
    verbs = [NameReading(effect, CONFIDENCE, word) for word in words if (effect := effect_of_verb(word)) is not None]
    plain = [one for one in verbs if one.verb not in listed("either")]
    if {"or", "and", "then"} & set(words) and len(verbs) > 1:
        return max(verbs, key=lambda one: _STRENGTH.index(one.effect))
    if verbs and verbs[0].verb == words[0] and (verbs[0] in plain or not _noun_first(words)):
        return verbs[0]
    if plain:
        return plain[0]
    if words[-1] in listed("nouns", "read"):
        return NameReading("read", WEAK)
    return replace(verbs[0], confidence=WEAK) if verbs else NameReading()


def _noun_first(words: tuple[str, ...]) -> bool:
    """Whether the last word is a plain verb, or names what is asked for: ``order_list``, ``order_status``."""
    last = words[-1]
    if len(words) < 2:
        return False
    return last in listed("nouns", "read") or (effect_of_verb(last) is not None and last not in listed("either"))


def _described(offer: ToolOffer | None) -> Effect:
    """The effect of the verb a description begins with, ``Sends`` as ``Send``."""
    for word in _FIRST_WORDS.findall((offer.description if offer is not None else None) or "")[:2]:
        low = word.lower()
        found = effect_of_verb(low) or effect_of_verb(low.removesuffix("s")) or effect_of_verb(low.removesuffix("es"))
        if found is not None:
            return found
    return "unknown"


def _addressed(offer: ToolOffer | None) -> Effect:
    """A tool that takes a recipient, and a text or an amount for it, reaches others."""
    roles = set(infer_roles(properties_of(offer.parameters if offer is not None else None)).values())
    return "external" if "destination" in roles and roles & {"content", "amount"} else "unknown"


def _listed(verb: str | None, table: str, effect: Effect) -> bool:
    return effect in CHANGING and verb in listed(table)


@cache
def _forms(words: frozenset[str]) -> frozenset[str]:
    return words | {f"{word}s" for word in words}


def _hints(offer: ToolOffer | None) -> Mapping[str, Json]:
    return offer.hints if offer is not None and offer.hints else {}
