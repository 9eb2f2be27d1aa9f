"""Terms of a lexicon: found in any inflection, as phrases, by their beginning; with where they stand."""

from traceeval.risk._terms import Terms, words_in


def found(written, text):
    return [text[one.start : one.end] for one in Terms.of(written).find(words_in(text))]


def test_a_term_is_found_in_any_inflection_and_case():
    assert found("mortgage, policy", "Mortgages and two POLICIES") == ["Mortgages", "POLICIES"]


def test_a_phrase_has_to_stand_in_one_piece():
    assert found("capital gain, gain", "Capital gains") == ["Capital gains", "gains"]
    assert found("capital gain", "capital of any gain") == []


def test_a_star_stands_for_any_ending_and_no_stem():
    assert found("zoning*, amput*", "The zoning board; time zones; amputated") == ["zoning", "amputated"]
    assert found("police search*", "a police searching party") == ["police searching"]


def test_a_hyphenated_word_counts_whole_and_in_its_parts():
    assert found("self-harm, harm", "self-harming") == ["self-harming", "harming"]


def test_two_inflections_are_one_term():
    terms = {one.term for one in Terms.of("swallow").find(words_in("swallow swallowed swallows"))}
    assert len(terms) == 1
