"""Cases everybody passes, nobody passes, and those that tell versions apart."""

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


def test_two_versions_are_too_few_to_tell_discrimination():
    assert rows(find_saturation({"v1": passes(1, 0), "v2": passes(0, 1)}))["c0"].discrimination is None


def test_a_case_only_one_version_tried_counts_for_that_one():
    told = rows(find_saturation({"v1": passes(1), "v2": {**passes(1), "new": (0.0, 2)}}))
    assert (told["new"].versions, told["new"].state) == (1, "floor")


def test_no_case_is_no_share():
    report = find_saturation({"v1": {}, "v2": {}})
    assert (report.ceiling, report.saturated) == (None, False)
