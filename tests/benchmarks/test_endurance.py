"""A server that works for long stays as it was (review.md check 40)."""

import sys
from pathlib import Path

import pytest
from benchmarks._endurance import endure, growth

MOST_MB_A_MINUTE, MOST_WAL_MB = 1.0, 64


@pytest.mark.parametrize("leak", [0.0, 1.0, 5.0])
def test_growth_is_megabytes_a_minute_once_warm(leak):
    warming = [(second, 100 + second) for second in range(60)]
    after = [(second, 160 + leak * (second - 60) / 60) for second in range(60, 301)]
    assert growth([*warming, *after]) == pytest.approx(leak)


def test_people_who_work_for_a_while_meet_no_error(tmp_path):
    found = endure(tmp_path, 3, 20, 1.5, 0.05)
    assert (found.verdicts > 0, found.repeated) == (True, 0)
    assert 0 < found.wal < MOST_WAL_MB


def test_a_server_that_hangs_up_on_people_who_think_is_found(tmp_path):
    broken = (sys.executable, str(Path(__file__).with_name("_broken_server.py")), "hangs_up")
    assert endure(tmp_path, 2, 20, 1.5, 0.2, broken).repeated > 0


@pytest.mark.soak
def test_half_an_hour_of_thirty_two_reviewers_leave_memory_and_log_as_they_were(tmp_path, figure):
    found = endure(tmp_path, 32, 9_000, 1_800, 6.0)
    figure(
        "40 endurance",
        f"30 minutes, 32 reviewers who think for 6 s, {found.verdicts:,} verdicts: memory {found.growth:+.2f} MB/min, "
        f"log at most {found.wal:.1f} MB, {found.repeated} requests sent again",
    )
    assert found.growth < MOST_MB_A_MINUTE
    assert found.wal < MOST_WAL_MB
    assert found.repeated == 0
