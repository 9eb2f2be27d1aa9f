"""``traceeval coverage``: gaps with redacted exemplars, gates on the worse bound, the page, and words where there is too little."""

import json
import shutil
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from traceeval.cli import main
from traceeval.testing import call, model, retrieval, trace, user

SUITE = Path(__file__).resolve().parents[2] / "scenarios" / "support_desk"
ATTACK = "<script>alert(1)</script>"


def asking(at, words, *tools):
    calls = [call(tool, {}, result="fine") for tool in tools]
    return trace(user(words), *calls, model("Fine."), id=f"{tools[0]}-{at}", question=words, answer="Fine.")


def evaluated(folder, traces):
    (folder / "traces.jsonl").write_bytes(b"".join(msgspec.json.encode(one) + b"\n" for one in traces))
    words = ("evaluate", folder / "traces.jsonl", "--out", folder / "out", "--engine", "serial", "--quiet")
    done = CliRunner().invoke(main, [str(word) for word in words])
    assert done.exit_code == 0, done.output
    return folder / "out"


@pytest.fixture(scope="module")
def production(tmp_path_factory):
    """Thirty who want to know where an order is, ten whose account is to be deleted."""
    orders = [asking(at, f"where is order {at}, when will it arrive", "get_order") for at in range(30)]
    gone = [asking(at, f"delete my account bob{at}@example.com {ATTACK}", "delete_account") for at in range(10)]
    return evaluated(tmp_path_factory.mktemp("production"), [*orders, *gone])


@pytest.fixture(scope="module")
def cases(tmp_path_factory):
    """A set of one question, evaluated too."""
    return evaluated(tmp_path_factory.mktemp("cases"), [asking(1, "when will my order arrive", "get_order")])


def run(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


def test_a_kind_without_a_case_is_named_with_exemplars_that_name_nobody(production, cases):
    done = run("coverage", production, cases)
    assert done.exit_code == 0, done.output
    assert (
        "Cases are like 75 % (60–86 %) of production; 1 kind of 1 % or more has none (40 traces, 1 case)" in done.output
    )
    assert "NO CASE: 25 % (14–40 %) of production, 10 traces: asks about" in done.output
    assert "delete my account [REDACTED email]" in done.output
    assert "example.com" not in done.output


def test_cases_that_nothing_is_like_name_nobody_either(production, tmp_path):
    paid = [asking(at, f"send eve{at}@example.org her invoice", "send_invoice") for at in range(2)]
    done = run("coverage", production, evaluated(tmp_path, paid))
    assert "1 case that nothing in production is like: send [REDACTED email] her invoice" in done.output
    assert "example.org" not in done.output


def test_a_gate_reads_the_worse_bound(production, cases):
    assert run("coverage", production, cases, "--fail-under", "covered=0.59").exit_code == 0
    failed = run("coverage", production, cases, "--fail-under", "covered=0.75")
    assert (failed.exit_code, "covered: worse bound 0.5981 is under 0.75" in failed.stderr) == (1, True)
    assert run("coverage", production, cases, "--fail-under", "easier=1").exit_code == 0
    assert run("coverage", production, cases, "--fail-under", "easier=-1").exit_code == 1


def test_a_run_that_an_older_version_wrote_is_refused_in_words(production, cases, tmp_path):
    import pyarrow.parquet as pq

    shutil.copytree(production, tmp_path / "old")
    table = pq.read_table(production / "traces.parquet")
    pq.write_table(table.drop_columns(["tools"]), tmp_path / "old" / "traces.parquet")
    for words in ((tmp_path / "old", cases), (production, tmp_path / "old")):
        done = run("coverage", *words)
        assert (done.exit_code, "has no tools; an older version wrote it" in done.stderr) == (2, True)


def test_json_holds_the_whole_report(production, cases):
    told = json.loads(run("coverage", production, cases, "--json").output)
    assert (told["traces"], told["cases"], told["schema_version"]) == (40, 1, "traceeval.coverage/1")
    assert [(kind["traces"], kind["gap"], kind["tools"]) for kind in told["kinds"]] == [
        (10, True, ["delete_account"]),
        (30, False, ["get_order"]),
    ]


def test_the_page_shows_the_plot_and_runs_nothing_a_trace_says(production, cases, tmp_path):
    assert run("coverage", production, cases, "--out", tmp_path / "page.html").exit_code == 0
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "Kinds without a case" in page
    assert 'class="te-forest"' in page


def test_a_suite_of_scenarios_is_read_with_its_wordings_and_the_tools_of_its_solutions(production):
    told = json.loads(run("coverage", production, SUITE, "--json").output)
    assert told["cases"] == 62
    assert [kind["tools"] for kind in told["kinds"] if kind["gap"]] == [["delete_account"]]


def test_scenario_suggest_beside_a_suite_draws_from_what_it_lacks(production, cases):
    done = run("scenario", "suggest", production, "--beside", cases, "--n", "2", "--json")
    assert done.exit_code == 0, done.output
    told = [json.loads(line) for line in done.output.splitlines()]
    assert {one["tools"][0] for one in told} == {"delete_account"}
    assert sum(one["stands_for"] for one in told) == 10
    assert "example.com" not in done.output
    assert run("scenario", "suggest", production, "--beside", production, "--json").output == ""


def test_a_run_that_is_too_small_is_not_decidable(cases):
    done = run("coverage", cases, cases, "--fail-under", "covered=0.1")
    assert done.exit_code == 3
    assert "Not decidable: with under 20 traces no kind can be told from chance (1 trace, 1 case)" in done.output


def test_what_is_no_run_no_suite_or_no_gate_is_said(production, cases, tmp_path):
    assert "no summary.json there" in run("coverage", tmp_path, cases).stderr
    assert run("coverage", production, tmp_path / "none").exit_code == 2
    unknown = run("coverage", production, cases, "--fail-under", "recall=1")
    assert (unknown.exit_code, "gates are on covered, or on easier" in unknown.stderr) == (2, True)


def test_what_was_found_tells_the_case_that_asks_in_other_words(tmp_path):
    """Half ask for parcels in one word and half in another; cases ask in another language, and found the same documents."""

    def found(at, words, shelf):
        documents = [f"{shelf}-{(at + step) % 4}" for step in range(3)]
        search = retrieval(*((name, "text") for name in documents), query=words)
        return trace(user(words), search, model("Fine."), id=f"{shelf}-{at}", question=words, answer="Fine.")

    ways = {"ship": ("where does my parcel remain", "track a shipment"), "bill": ("wrong invoice", "charged too much")}
    for name in ("asked", "cases"):
        (tmp_path / name).mkdir()
    asked = evaluated(tmp_path / "asked", [found(at, ways[shelf][at % 2], shelf) for shelf in ways for at in range(40)])
    cases = evaluated(tmp_path / "cases", [found(at, "wo bleibt mein Paket", "ship") for at in range(2)])
    done = run("coverage", asked, cases, "--json")
    told = json.loads(done.stdout)
    gaps = [one for one in told["kinds"] if one["gap"]]
    assert (told["by_documents"], told["covered"]["value"], len(gaps)) == (80, 0.5, 1)
    assert gaps[0]["exemplars"][0]["trace"].startswith("bill-")
    assert "80 traces told apart by the documents that were found for them" in run("coverage", asked, cases).output
