"""Triggers that call for a person: recall on written requests, and quiet on their harmless twins, per language."""

import tomllib
from pathlib import Path

import pytest

from traceeval.testing import user

PAIRS = {
    rule: tomllib.loads((Path(__file__).parent / "pairs" / f"{rule}.toml").read_text(encoding="utf-8"))
    for rule in ("ambiguous_request", "high_stakes_domain", "specialist_jargon")
}
FRESH = {
    rule: tomllib.loads((Path(__file__).parent / "pairs" / "fresh" / f"{rule}.toml").read_text(encoding="utf-8"))["en"]
    for rule in PAIRS
}
ROWS = [
    (rule, language, pair) for rule, listed in PAIRS.items() for language, pairs in listed.items() for pair in pairs
]


def fired(why, rule, text):
    return why(rule, user(text), question=text) is not None


@pytest.mark.parametrize("rule", PAIRS)
def test_nine_in_ten_requests_are_found_and_one_twin_in_twenty_at_most(why, rule):
    pairs = [pair[-2:] for name, language, pair in ROWS if name == rule and language == "en"]
    assert len(pairs) >= 30
    missed = [text for text, _ in pairs if not fired(why, rule, text)]
    false = [twin for _, twin in pairs if fired(why, rule, twin)]
    assert len(missed) <= 0.10 * len(pairs), missed
    assert len(false) <= 0.05 * len(pairs), false


@pytest.mark.parametrize(
    ("rule", "least"), [("ambiguous_request", 0.86), ("high_stakes_domain", 0.45), ("specialist_jargon", 0.60)]
)
def test_requests_nobody_looked_at_are_found_as_often_as_the_docs_say(why, rule, least):
    found = [fired(why, rule, pair[-2]) for pair in FRESH[rule]]
    false = [pair[-1] for pair in FRESH[rule] if fired(why, rule, pair[-1])]
    assert sum(found) >= least * len(found)
    assert len(false) <= 0.05 * len(found), false


@pytest.mark.parametrize("rule", PAIRS)
def test_the_other_languages_are_read_by_their_own_lexicons(why, rule):
    pairs = [pair[-2:] for name, language, pair in ROWS if name == rule and language != "en"]
    assert len(pairs) >= 7
    missed = [text for text, _ in pairs if not fired(why, rule, text)]
    false = [twin for _, twin in pairs if fired(why, rule, twin)]
    assert len(missed) <= 0.10 * len(pairs), missed
    assert len(false) <= 0.05 * len(pairs), false


@pytest.mark.parametrize("rule", PAIRS)
def test_a_reason_quotes_the_users_words_and_says_little_of_harm(why, rule):
    text = PAIRS[rule]["en"][0][-2]
    reason = why(rule, user(text), question=text)
    assert reason.evidence[0].quote in text
    assert text[reason.evidence[0].start : reason.evidence[0].end] == reason.evidence[0].quote
    assert reason.harm == 0.0


@pytest.mark.parametrize(("domain", "text", "_"), PAIRS["high_stakes_domain"]["en"])
def test_the_domain_is_named_where_the_trigger_fires(why, domain, text, _):
    reason = why("high_stakes_domain", user(text), question=text)
    assert reason is None or reason.text.startswith(f"high stakes, {domain}:")


def test_a_later_turn_that_names_the_thing_resolves_an_ambiguous_request(why):
    assert why("ambiguous_request", user("Cancel it."), user("Order A-1182.")) is None
    assert why("ambiguous_request", user("Cancel it."), user("please")) is not None


@pytest.mark.parametrize("rule", PAIRS)
def test_the_contract_of_a_rule_holds(contract, rule):
    contract(rule)


def test_two_weaker_words_call_only_near_each_other_and_not_twice_by_one(why):
    near = "My landlord wants the rent early, he is my tenant's boss."
    far = "The sky over the hills was blue and the road to the village was long. " * 5
    assert fired(why, "high_stakes_domain", near)
    assert fired(why, "high_stakes_domain", "My landlord is kind. My lodger too.")
    assert not fired(why, "high_stakes_domain", f"My landlord is kind. {far} My lodger too.")
    assert not fired(why, "high_stakes_domain", "My landlord and your landlord and all landlords.")


def test_words_that_overlap_count_once(why):
    assert not fired(why, "high_stakes_domain", "The page of my bank account looks blue.")
    assert fired(why, "high_stakes_domain", "My bank account shows a loan I never took.")


def test_what_is_told_or_played_calls_by_its_strong_words_only(why):
    assert not fired(why, "high_stakes_domain", "In my novel the landlord tells the tenant a secret.")
    assert fired(why, "high_stakes_domain", "In my novel the hero is poisoned with cyanide.")


def test_the_reason_names_the_lexicon_and_its_version(why):
    text = "Should I remortgage before I retire early?"
    assert why("high_stakes_domain", user(text), question=text).text.endswith("(en@3)")


def test_a_text_of_a_million_characters_is_read_in_part_and_fast(why):
    text = "word " * 200_000 + "insulin"
    assert not fired(why, "high_stakes_domain", text)
