"""Traces that stand for all of a run: large groups have more seats, risky ones are a group of their own."""

import json
from collections import Counter

import msgspec
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from traceeval.cli import main
from traceeval.run._suggest import _drawn, _seats, suggest_traces
from traceeval.testing import call, model, trace, user


def asking(id, *tools):
    calls = [call(tool, {}, result="fine") for tool in tools]
    return trace(user("What is it?"), *calls, model("Fine."), id=id, answer="Fine.")


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory):
    """Six traces that look up, three that search, and one that writes twice what it was never told."""
    folder = tmp_path_factory.mktemp("run")
    found = [asking(f"a{k}", "get_order") for k in range(6)] + [asking(f"b{k}", "search_docs") for k in range(3)]
    risky = call("send_money", {"to": "x9"}, result="done")
    found.append(trace(user("Hello"), risky, model("Done."), id="risky", answer="Done."))
    (folder / "traces.jsonl").write_bytes(b"".join(msgspec.json.encode(one) + b"\n" for one in found))
    words = ("evaluate", folder / "traces.jsonl", "--out", folder / "out", "--engine", "serial", "--quiet")
    done = CliRunner().invoke(main, [str(word) for word in words])
    assert done.exit_code == 0, done.output
    return folder / "out"


def test_every_kind_of_trace_has_a_seat_and_says_for_how_many_it_stands(run_folder):
    found = suggest_traces(run_folder, 3, 0.5)
    assert {(one.tools, one.stands_for) for one in found} == {
        (("get_order",), 6.0),
        (("search_docs",), 3.0),
        (("send_money",), 1.0),
    }


def test_more_seats_go_to_larger_groups_and_all_of_it_is_all_of_it(run_folder):
    assert Counter(one.tools for one in suggest_traces(run_folder, 6, 0.5)) == {
        ("get_order",): 3,
        ("search_docs",): 2,
        ("send_money",): 1,
    }
    everything = suggest_traces(run_folder, 99, 0.5)
    assert len({one.trace for one in everything}) == len(everything) == 10


def test_risky_traces_come_first(run_folder):
    low = suggest_traces(run_folder, 3, 2.0)
    assert not any(one.risky for one in low)
    level = max(one.level for one in low)
    found = suggest_traces(run_folder, 3, level)
    assert [one.risky for one in found] == sorted((one.risky for one in found), reverse=True)
    assert found[0].level == level


def test_where_seats_are_few_risky_groups_have_them_first_and_then_large_ones():
    strata = {(False, ("a",), ()): 2, (False, ("b",), ()): 9, (True, ("c",), ()): 1}
    assert list(_seats(strata, 1)) == [(True, ("c",), ())]
    assert list(_seats(strata, 2)) == [(True, ("c",), ()), (False, ("b",), ())]


@given(st.lists(st.integers(1, 50), min_size=1, max_size=8), st.integers(1, 60))
def test_no_group_has_more_seats_than_members_and_all_seats_are_given(sizes, n):
    strata = {(False, (str(place),), ()): size for place, size in enumerate(sizes)}
    n = min(n, sum(sizes))
    seats = _seats(strata, n)
    assert sum(seats.values()) == n
    assert all(1 <= count <= strata[name] for name, count in seats.items())


def test_one_seat_takes_the_middle_and_three_lie_evenly():
    rows = [{"trace": str(k), "level": k / 10, "title": None} for k in range(9)]
    name = (False, (), ())
    assert [one.trace for one in _drawn(name, rows, 1)] == ["4"]
    assert [one.trace for one in _drawn(name, rows, 3)] == ["1", "4", "7"]


def test_the_command_prints_what_it_found(run_folder, tmp_path):
    done = CliRunner().invoke(main, ["scenario", "suggest", str(run_folder), "--n", "3"])
    assert done.exit_code == 0, done.output
    assert "stands for 6.0  get_order; " in done.output
    lines = CliRunner().invoke(main, ["scenario", "suggest", str(run_folder), "--n", "3", "--json"]).output.splitlines()
    assert len({json.loads(line)["trace"] for line in lines}) == 3
    done = CliRunner().invoke(main, ["scenario", "suggest", str(tmp_path)])
    assert (done.exit_code, "no summary.json there" in done.output) == (2, True)
