"""Cases everybody passes, nobody passes, and those that tell versions apart."""

import numpy as np
import pytest

from traceeval.compare import find_saturation


def passes(*rates):
    return {f"c{at}": (rate, 4) for at, rate in enumerate(rates)}


def rows(report):
    return {row.case: row for row in report.rows}


def test_a_case_is_at_the_ceiling_only_when_every_version_always_passes_it():
    told = rows(find_saturation({"v1": passes(1, 0, 0.5, 1), "v2": passes(1, 0, 1, 0.75)}))
    assert [told[f"c{at}"].state for at in range(4)] == ["ceiling", "floor", "telling", "telling"]
    assert (told["c0"].low, told["c0"].high) == pytest.approx((0.6756, 1.0), abs=1e-4)  # Wilson, 8 of 8


def test_a_suite_is_saturated_when_nine_of_ten_cases_are_at_the_ceiling():
    nine = passes(*[1] * 9, 0.5)
    assert find_saturation({"v1": nine, "v2": nine}).saturated
    assert not find_saturation({"v1": passes(*[1] * 8, 0.5, 0.5), "v2": nine}).saturated


def test_a_case_that_better_versions_fail_stands_out():
    versions = {f"v{n}": passes(*[n / 4] * 5, 1 - n / 4, 0.5) for n in range(5)}
    told = rows(find_saturation(versions))
    assert told["c0"].discrimination > 0.9
    assert told["c5"].discrimination == pytest.approx(-1.0)
    assert told["c6"].discrimination is None


def test_few_versions_invert_no_case():
    """Four versions can be dealt 24 ways: no order of them is proof among eleven cases."""
    versions = {f"v{n}": passes(*[n / 3] * 10, 1 - n / 3) for n in range(4)}
    told = rows(find_saturation(versions))
    assert told["c10"].discrimination == pytest.approx(-1.0)
    assert not told["c10"].inverted


def played(seed, *, ceiling=0, floor=0, inverted=0, telling=10, noise=0, versions=10, trials=8):
    """Trials of versions, each better than the one before, and which state every case truly is in."""
    rng, suite, truth = np.random.default_rng(seed), {}, {}
    for version in range(versions):
        skill = version / (versions - 1)
        kinds = {
            "ceiling": (ceiling, 1.0),
            "floor": (floor, 0.0),
            "inverted": (inverted, 1 - skill),
            "noise": (noise, 0.5),
            "telling": (telling, skill),
        }
        chances = {f"{kind}{at}": chance for kind, (n, chance) in kinds.items() for at in range(n)}
        suite[f"v{version}"] = {
            case: (rng.binomial(trials, chance) / trials, trials) for case, chance in chances.items()
        }
        truth = {case: case.rstrip("0123456789") for case in chances}
    return find_saturation(suite), truth


def scored(planted, clean):
    """(precision, recall) over (set, what was named): of planted sets what was planted, of clean twins nothing."""
    hits = sum(want <= got for want, got in planted)
    false = sum(len(got - want) for want, got in planted) + sum(len(got) for got in clean)
    return hits / (hits + false), hits / len(planted)


@pytest.mark.parametrize("kind", ["ceiling", "floor", "inverted"])
def test_twenty_planted_suites_have_their_case_named_and_their_clean_twins_none(kind):
    """The twin's case passes half of the time, whatever the version."""

    def named(report):
        return {row.case for row in report.rows if (row.inverted if kind == "inverted" else row.state == kind)}

    planted, clean = [], []
    for seed in range(20):
        report, truth = played(seed, **{kind: 1})
        planted.append(({case for case, true in truth.items() if true == kind}, named(report)))
        clean.append(named(played(100 + seed, noise=1)[0]))
    precision, recall = scored(planted, clean)
    assert recall >= 0.95
    assert precision >= 0.95


def test_twenty_suites_that_tell_nothing_any_more_are_saturated_and_their_twins_are_not():
    """28 of 30 cases that everybody passes; in the twin 24, and six that half of the trials pass."""
    planted = [played(seed, ceiling=28, telling=0, noise=2)[0].saturated for seed in range(20)]
    clean = [played(seed, ceiling=24, telling=0, noise=6)[0].saturated for seed in range(20)]
    assert (sum(planted), sum(clean)) == (20, 0)


def test_two_versions_are_too_few_to_tell_discrimination():
    assert rows(find_saturation({"v1": passes(1, 0), "v2": passes(0, 1)}))["c0"].discrimination is None


def test_a_case_only_one_version_tried_counts_for_that_one():
    told = rows(find_saturation({"v1": passes(1), "v2": {**passes(1), "new": (0.0, 2)}}))
    assert (told["new"].versions, told["new"].state) == (1, "floor")


def test_no_case_is_no_share():
    report = find_saturation({"v1": {}, "v2": {}})
    assert (report.ceiling, report.saturated) == (None, False)
