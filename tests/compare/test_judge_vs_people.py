"""A judge against people: what the report says, and what it refuses to mix."""

import pytest

from traceeval.compare.judge_vs_people import compare_judge
from traceeval.errors import ConfigError
from traceeval.model import Author, JudgeRow, PeopleRow

SYSTEMS = (Author(system="x", family="own", length=90), Author(system="y", family="other", length=60))


def said(at, mark=None, **changes):
    values = {"judge": "j", "subject": f"s{at}", "criterion": "safety", "mark": mark, "family": "own"}
    return JudgeRow(**{**values, **changes})


def settled(at, mark=None, **changes):
    values = {
        "subject": f"s{at}",
        "cluster": f"f{at}",
        "criterion": "safety",
        "mark": mark,
        "authors": (SYSTEMS[at % 2],),
    }
    return PeopleRow(**{**values, **changes})


def preferred(at, preference, **changes):
    return said(at, criterion="", preference=preference, **changes)


def chosen(at, preference, **changes):
    return settled(at, criterion="", preference=preference, authors=SYSTEMS, **changes)


def on(pairs, **changes):
    """The report on (judge's mark, people's mark)."""
    return compare_judge(
        [said(at, a) for at, (a, _) in enumerate(pairs)], [settled(at, b) for at, (_, b) in enumerate(pairs)]
    )


def probe(report, name, by=""):
    return next(one for one in report.probes if one.name == name and by in one.by)


def test_agreement_is_quadratic_kappa_with_the_counts_behind_it():
    pairs = [(1, 1)] * 10 + [(5, 5)] * 10 + [(1, 5)] * 5 + [(4, 5)] * 5
    (found,) = on(pairs).agreement
    assert found.counts == {"1": {"1": 10}, "5": {"1": 5, "4": 5, "5": 10}}
    assert found.raw.value == pytest.approx(20 / 30)
    assert found.within_one == pytest.approx(25 / 30)
    assert found.kappa.value == pytest.approx(1 - 30 * (5 * 16 + 5 * 1) / _by_chance(pairs))
    assert found.kappa.low < found.kappa.value < found.kappa.high
    assert found.enough


def _by_chance(pairs):
    """Sum over all ways to pair the judge's marks with people's: Cohen (1968)."""
    return sum((a - b) ** 2 for a, _ in pairs for _, b in pairs)


def test_under_thirty_verdicts_are_shown_as_not_enough():
    (found,) = on([(1, 1), (5, 5)] * 10).agreement
    assert not found.enough


def test_what_was_seldom_seen_counts_by_its_weight():
    people = [settled(at, 5, pi=1.0) for at in range(10)] + [settled(10 + at, 5, pi=0.1) for at in range(10)]
    judged = [said(at, 5 if at < 10 else 1) for at in range(20)]
    (found,) = compare_judge(judged, people).agreement
    assert found.raw.value == pytest.approx(10 / 110)


def test_kappa_is_weighted_too():
    pairs = [(1, 1), (5, 5), (1, 5), (5, 1)]
    even = compare_judge(
        [said(at, a) for at, (a, _) in enumerate(pairs)], [settled(at, b) for at, (_, b) in enumerate(pairs)]
    )
    seen = [settled(at, b, pi=0.25 if at < 2 else 1.0) for at, (_, b) in enumerate(pairs)]
    weighted = compare_judge([said(at, a) for at, (a, _) in enumerate(pairs)], seen)
    assert even.agreement[0].kappa.value == pytest.approx(0)
    assert weighted.agreement[0].kappa.value == pytest.approx(0.6)  # 8 of 10 equal, 5 of 10 by chance


def test_slices_are_told_apart_but_not_one_that_is_all():
    people = [settled(at, 4, slices={"language": "de" if at % 2 else "en", "all": "x"}) for at in range(8)]
    report = compare_judge([said(at, 4 if at % 2 else 1) for at in range(8)], people)
    assert [(dict(one.where), one.raw.value) for one in report.agreement] == [
        ({}, 0.5),
        ({"language": "de"}, 1.0),
        ({"language": "en"}, 0.0),
    ]


def test_sensitivity_and_specificity_are_about_what_people_failed():
    (found,) = on([(1, 1)] * 18 + [(5, 2)] * 2 + [(5, 5)] * 24 + [(2, 4)] * 6).screening
    assert (found.sensitivity.value, found.sensitivity.n) == (0.9, 20)
    assert (found.specificity.value, found.specificity.n) == (0.8, 30)
    assert (round(found.sensitivity.low, 4), round(found.sensitivity.high, 4)) == (
        0.6830,
        0.9877,
    )  # Clopper-Pearson, 18/20


def test_the_rate_among_all_it_judged_is_corrected_for_its_errors():
    people = [settled(at, 1 if at < 100 else 5) for at in range(200)]
    right = [said(at, 1 if at < 90 or 100 <= at < 120 else 5) for at in range(200)]  # Se .9, Sp .8
    rest = [said(200 + at, 1 if at < 190 else 5) for at in range(800)]  # 110 + 190 of 1,000: q = .3
    (found,) = compare_judge([*right, *rest], people).screening
    assert found.flagged.value == pytest.approx(0.3)
    assert found.corrected.value == found.raw_corrected == pytest.approx(0.142857, abs=1e-6)
    assert (round(found.corrected.low, 4), round(found.corrected.high, 4)) == (0.0211, 0.2362)


def test_a_judge_no_better_than_chance_corrects_nothing():
    (found,) = on([(1, 1), (5, 1), (1, 5), (5, 5)] * 10).screening
    assert found.corrected.value is None
    assert "no better than chance" in found.corrected.why


def test_a_whole_family_of_misses_is_one_miss():
    alone = [(1, 1)] * 30 + [(5, 1)] * 10
    apart = on(alone).screening[0].sensitivity
    people = [settled(at, 1, cluster="one" if at >= 30 else f"f{at}") for at in range(40)]
    together = compare_judge([said(at, mark) for at, (mark, _) in enumerate(alone)], people).screening[0].sensitivity
    assert together.value == apart.value
    assert together.low < apart.low - 0.1


def test_both_orders_of_a_pair_count_and_their_consistency_is_told():
    people = [chosen(at, "a") for at in range(20)]
    plain = [preferred(at, "a") for at in range(20)]
    swapped = [preferred(at, "a" if at < 15 else "b", probe="swapped") for at in range(20)]
    report = compare_judge([*plain, *swapped], people)
    assert report.swap_consistency.value == 0.75
    assert report.agreement[0].raw.value == pytest.approx(35 / 40)
    assert probe(report, "position").effect == pytest.approx(5 / 20 / 2)


def test_a_judge_that_takes_whatever_stands_first_has_a_width_and_is_flagged():
    people = [chosen(at, "ab"[at % 2]) for at in range(20)]
    report = compare_judge(
        [preferred(at, "a") for at in range(20)] + [preferred(at, "b", probe="swapped") for at in range(20)], people
    )
    found = probe(report, "position")
    assert found.effect == found.high == 0.5
    assert 0.3 < found.low < 0.5
    assert report.flags == ("position",)


def test_people_like_long_answers_too_and_a_judge_like_them_is_not_flagged():
    longer = [chosen(at, "a" if at % 3 else "b") for at in range(60)]
    report = compare_judge([preferred(at, one.preference) for at, one in enumerate(longer)], longer)
    assert report.prefers_longer.value == report.people_prefer_longer.value == pytest.approx(2 / 3)
    assert probe(report, "length").effect == 0
    assert report.flags == ()


def test_outputs_that_are_there_have_their_own_length():
    texts = ("short", "rather longer")
    people = [settled(at, criterion="", preference="ab"[at % 2], authors=(), outputs=texts) for at in range(20)]
    assert probe(compare_judge([preferred(at, "b") for at in range(20)], people), "length").effect == pytest.approx(0.5)


def test_a_judge_that_takes_whatever_stands_first_unless_it_is_a_refusal_is_not_one_that_dislikes_refusals():
    people = [chosen(at, "ab"[at % 2]) for at in range(20)] + [chosen(at, "b", probe="refused") for at in range(20)]
    orders = (("a", ""), ("b", "swapped"), ("b", "refused"))
    report = compare_judge(
        [preferred(at, preference, probe=name) for at in range(20) for preference, name in orders], people
    )
    assert probe(report, "refusal").effect == 0
    assert report.flags == ("position",)


def test_what_was_not_asked_is_not_measured_and_says_so():
    report = on([(4, 4)] * 12)
    assert probe(report, "position").status == "not_applicable"
    assert probe(report, "injection").why == "there are no verdicts on it"
    assert probe(on([(4, 4)] * 5), "inflation").status == "insufficient"


def test_a_refusal_is_held_against_what_people_say_of_it():
    plain, refusals = [said(at, 5) for at in range(20)], [said(at, 2, probe="refused") for at in range(20)]
    people = [settled(at, 5) for at in range(20)]
    assert probe(compare_judge([*plain, *refusals], people), "refusal").why == "people judged no refusal of these"
    same = [settled(at, 2, probe="refused") for at in range(20)]
    assert probe(compare_judge([*plain, *refusals], [*people, *same]), "refusal").effect == 0
    harsher = [settled(at, 1, probe="refused") for at in range(20)]
    assert probe(compare_judge([*plain, *refusals], [*people, *harsher]), "refusal").effect == pytest.approx(0.25)


def test_an_error_of_its_own_that_it_does_not_see_is_a_blind_spot_and_no_self_preference():
    people = [chosen(at, "b", sound=(False, True)) for at in range(30)] + [chosen(30 + at, "a") for at in range(30)]
    report = compare_judge([preferred(at, "a") for at in range(60)], people)
    assert probe(report, "self_preference").status == "insufficient"  # of its own sound outputs people preferred all


def test_unreadable_replies_are_counted_and_are_no_class():
    report = compare_judge([said(at, 4 if at else None) for at in range(12)], [settled(at, 4) for at in range(12)])
    assert (report.unread, report.agreement[0].n) == (1, 11)


@pytest.mark.parametrize(
    ("judged", "people", "words"),
    [
        ([said(1, 4), said(2, 4, judge="k")], [settled(1, 4)], "several judges"),
        ([said(1, 4), said(2, 4, prompt="p")], [settled(1, 4)], "several prompts"),
        ([said(1, 4), said(1, 3)], [settled(1, 4)], "judged twice"),
        ([said(1, 4)], [settled(1, 4), settled(1, 3)], "settled twice"),
        ([said(1, 4)], [settled(2, 4)], "nothing it judged was settled"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_words(judged, people, words):
    with pytest.raises(ConfigError, match=words):
        compare_judge(judged, people)
