"""Variants of the user's side made offline: the same scenario and seed give the same bytes.

Each operator changes one thing. Those that keep the meaning keep the assertions; the others say what they expect. An operator
that finds nothing to change says why instead: nothing is left out in silence.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeAlias

from msgspec.structs import replace

from traceeval.model import Assertions, Json, Scenario, ToolSpec, Value, Variant
from traceeval.model.assertions import AnswerRule, CallPattern, Forbidding
from traceeval.model.user import Guard, Turn
from traceeval.replay import _rewrites as words
from traceeval.replay._expected import initial_state
from traceeval.replay._facts import Fact, facts_of, place_of
from traceeval.replay._rewrite import write_variants
from traceeval.replay.load import Suite

_WRITES = frozenset({"write", "external", "privileged"})
_CHATTER = (
    "By the way, until when are you open today?",
    "Before you go on: is it true that you are moving?",
    "One moment, someone is at the door. I am back; where were we?",
)


class LeftOut(Value, frozen=True):
    """An operator that made nothing of a scenario, and why."""

    scenario: str
    operator: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Telling:
    """A scenario, the facts its user tells, and chance of the operator's own."""

    scenario: Scenario
    facts: tuple[Fact, ...]
    effects: Mapping[str, str]
    rng: random.Random = field(repr=False)

    @property
    def first(self) -> str:
        """The words that open the conversation."""
        return self.scenario.user.turns[0].say

    def fact(self, *, mistakable: bool = False) -> Fact | None:
        """The first fact of the first turn; ``mistakable``: one that another value could stand for."""
        return next((one for one in self.facts if one.turn == 1 and (one.others or not mistakable)), None)

    def but_for(self, fact: Fact, other: str) -> Assertions:
        """The scenario's own assertions, and nothing changed for the other value."""
        writes = tuple(tool for tool in dict.fromkeys(fact.tools) if self.effects.get(tool) in _WRITES)
        asked = self.scenario.assertions
        if not writes:
            return asked
        why = f"{fact.noun} {other} is not the one meant"
        rule = Forbidding(call=CallPattern(tool=writes, args={fact.name: other}), why=why)
        passes = asked.passes if "forbidden" in asked.passes else (*asked.passes, "forbidden")
        return replace(asked, forbidden=(*(asked.forbidden or ()), rule), passes=passes)


Made: TypeAlias = Variant | tuple[Variant, ...] | str
"""Variants, or why there are none."""


def vary(
    scenario: Scenario,
    state: Json,
    tools: Iterable[ToolSpec] = (),
    *,
    seed: int = 1,
    operators: Iterable[str] = (),
) -> tuple[tuple[Variant, ...], tuple[LeftOut, ...]]:
    """Variants of one scenario. ``state``: the one it begins with; ``operators``: only these; empty: all.

    Raises:
        KeyError: an operator there is none of.
    """
    made: list[Variant] = []
    left: list[LeftOut] = []
    facts = facts_of(scenario, state)
    effects = {tool.name: tool.effect for tool in tools}
    for name in tuple(operators) or tuple(OPERATORS):
        rng = random.Random(f"{seed}/{scenario.id}/{name}")
        telling = _Telling(scenario=scenario, facts=facts, effects=effects, rng=rng)
        found = _refusal(scenario, name) or OPERATORS[name](telling)
        if isinstance(found, str):
            left.append(LeftOut(scenario=scenario.id, operator=name, why=found))
        else:
            made += (found,) if isinstance(found, Variant) else found
    return tuple(made), tuple(left)


def with_variants(scenario: Scenario, made: Iterable[Variant]) -> Scenario:
    """The scenario with these variants; an earlier one of the same id is replaced."""
    new = tuple(made)
    ids = {one.id for one in new}
    return replace(scenario, variants=(*(one for one in scenario.variants if one.id not in ids), *new))


def _refusal(scenario: Scenario, operator: str) -> str | None:
    if scenario.user.mode != "scripted":
        return f"a {scenario.user.mode} user has no written turns to change"
    language = scenario.meta.language or "en"
    if operator in _ENGLISH and language.partition("-")[0] != "en":
        return f"it adds English words, and the scenario is written in {language}"
    return None


def _rewritten(telling: _Telling, operator: str, change: Callable[..., str | None]) -> Made:
    """Every turn of four words or more under one change; short ones are answers that guards wait for."""
    turns = {}
    for number, turn in enumerate(telling.scenario.user.turns, 1):
        told = [fact.text for fact in telling.facts if place_of(fact.text, turn.say)]
        new = change(turn.say, told, telling.rng) if number == 1 or len(turn.say.split()) > 3 else None
        if new is not None and new != turn.say:
            turns[str(number)] = new
    return _variant(operator, turns=turns) if turns else "no turn has anything it could change"


def _variant(operator: str, suffix: str = "", **fields: object) -> Variant:
    return Variant(id=f"vary.{operator}{suffix}", operator=operator, **fields)  # type: ignore[arg-type]


def _register(telling: _Telling) -> Made:
    """The user as in a letter, and as among friends."""
    made = []
    for name, change in (("formal", words.formal), ("casual", words.casual)):
        found = _rewritten(telling, "register", change)
        if isinstance(found, Variant):
            made.append(replace(found, id=f"{found.id}.{name}"))
    return tuple(made) or "no turn has anything it could change"


def _split(telling: _Telling) -> Made:
    """The request one sentence after the other; a single one after a greeting."""
    told = words.sentences(telling.first)
    first, *rest = told if len(told) > 1 else ("Hello, I need your help.", telling.first)
    return _variant("split_turns", turns={"1": first}, added={"1": (Turn(say=" ".join(rest)),)})


def _missing(telling: _Telling) -> Made:
    """A fact left out until the agent asks for it."""
    fact = telling.fact()
    if fact is None:
        return "its first turn tells no fact that a milestone needs"
    said = _instead(telling.first, fact, f"my {fact.noun}")
    answer = Turn(say=f"It is {fact.text}.", when=Guard(agent_asks=(fact.name, "which")))
    return _variant(
        "missing_fact",
        turns={"1": said},
        added={"1": (answer,)},
        preserving=False,
        assertions=telling.scenario.assertions,
    )


def _ambiguous(telling: _Telling) -> Made:
    """Two that could be meant, until the agent asks which."""
    fact = telling.fact(mistakable=True)
    if fact is None:
        return "no fact of its first turn has another of its kind in the state"
    other = telling.rng.choice(fact.others)
    said = _instead(telling.first, fact, f"{fact.noun} " + " or ".join(sorted((fact.text, other))))
    answer = Turn(say=f"I mean {fact.text}.", when=Guard(agent_asks=(fact.name, "which", fact.text, other)))
    return _variant(
        "ambiguous_reference",
        turns={"1": said},
        added={"1": (answer,)},
        preserving=False,
        assertions=telling.but_for(fact, other),
    )


def _correction(telling: _Telling) -> Made:
    """Another one first, then, in the same breath, the one that is meant."""
    fact = telling.fact(mistakable=True)
    if fact is None:
        return "no fact of its first turn has another of its kind in the state"
    other = telling.rng.choice(fact.others)
    found = place_of(fact.text, telling.first)
    assert found is not None
    wrong = f"{telling.first[: found.start()]}{other}{telling.first[found.end() :]}"
    said = f"{wrong} No, wait, I got that wrong: not {other}, I mean {fact.text}."
    return _variant("correction", turns={"1": said}, preserving=False, assertions=telling.but_for(fact, other))


def _unexpected(telling: _Telling) -> Made:
    """Something else altogether, once, in the middle."""
    return _variant("unexpected_turn", added={"1": (Turn(say=telling.rng.choice(_CHATTER)),)})


def _languages(telling: _Telling) -> Made:
    """Each language that every turn has; what the answer must say in words is not asked of another language."""
    turns = telling.scenario.user.turns
    shared = set.intersection(*(set(turn.languages) for turn in turns))
    if not shared:
        return "no language stands in `languages` of every turn"
    asked = _wordless(telling.scenario.assertions)
    if asked is None:
        return "all it asserts is words of its own language"
    return tuple(
        _variant(
            "other_language",
            f".{code}",
            turns={str(number): turn.languages[code] for number, turn in enumerate(turns, 1)},
            assertions=asked,
        )
        for code in sorted(shared)
    )


def _wordless(asked: Assertions) -> Assertions | None:
    """The assertions without rules about words; None where nothing is left."""
    kept = tuple(rule for rule in asked.answer or () if _plain(rule))
    passes = tuple(name for name in asked.passes if name != "answer" or kept)
    return replace(asked, answer=kept or None, passes=passes) if passes else None


def _plain(rule: AnswerRule) -> bool:
    """Whether a rule is about a value: the same in every language."""
    text = rule.contains or rule.not_contains
    return rule.contains_value is not None or (text is not None and any(letter.isdigit() for letter in text))


def _instead(said: str, fact: Fact, words: str) -> str:
    """The turn with other words where the fact stood, the noun before it included."""
    noun = re.escape(fact.noun)
    return re.sub(rf"(?:\b(?:my |the )?{noun}(?: number)? )?(?<![\w-]){re.escape(fact.text)}(?![\w-])", words, said)


OPERATORS: Mapping[str, Callable[[_Telling], Made]] = {
    "reordered": partial(_rewritten, operator="reordered", change=words.reordered),
    "irrelevant_talk": partial(_rewritten, operator="irrelevant_talk", change=words.irrelevant_talk),
    "typing_errors": partial(_rewritten, operator="typing_errors", change=words.typing_errors),
    "register": _register,
    "split_turns": _split,
    "missing_fact": _missing,
    "ambiguous_reference": _ambiguous,
    "correction": _correction,
    "unexpected_turn": _unexpected,
    "other_language": _languages,
}
"""Every operator by its name."""
_ENGLISH = frozenset(OPERATORS) - {"typing_errors", "other_language"}


def vary_suite(
    suite: Suite, folder: Path, *, seed: int = 1, operators: Iterable[str] = ()
) -> tuple[int, tuple[LeftOut, ...]]:
    """A suite written again with variants: how many were made, and what was left out.

    Raises:
        OutputExists: the folder is there already.
        ConfigError: it lies in the suite; a state cannot be read.
    """
    made: dict[str, tuple[Variant, ...]] = {}
    left: list[LeftOut] = []
    for one in suite.scenarios:
        state = initial_state(one, suite.folder)
        made[one.id], without = vary(one, state, suite.tools, seed=seed, operators=operators)
        left += without
    write_variants(suite, folder, made)
    return sum(map(len, made.values())), tuple(left)
