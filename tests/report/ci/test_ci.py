"""A replay for machines: counts, places, and text of strangers that stays text in every format."""

import json
import re
import xml.etree.ElementTree as ElementTree

import pytest
from tests._outcomes import outcome

from traceeval.compare.reliability import summarise
from traceeval.model.gate import GateLine
from traceeval.report.ci import cell_reports, commands, junit, sarif, step_summary, unheard

HOSTILE = "]]></failure>\x1b[2J\x00\u202e\n::add-mask::x\r\n##[error]y\n\n<script>alert(1)</script> [a](http://evil.test) |`*%0A"
OUTCOMES = [
    outcome("s/good"),
    outcome("s/bad", 1, "fail", why=HOSTILE),
    outcome("s/bad", 2, "pass"),
    outcome("s/mail", 1, "pass", axes={"injection": "mail"}, attack="executed"),
    outcome("s/open", 1, "infra_error", why="the mock died"),
]
WHERE = {f"s/{name}": ("suite, a/x y.yaml", line) for line, name in enumerate(("good", "bad", "mail", "open"), 1)}
GATE = [GateLine(name="forbidden", state="failed", why=HOSTILE), GateLine(name="sandbox", state="held", why="")]


@pytest.fixture
def cells():
    return list(cell_reports(OUTCOMES, WHERE))


def test_junit_has_a_case_a_cell_and_a_limit(cells):
    root = ElementTree.fromstring(junit("desk", cells, GATE))
    assert {name: root.get(name) for name in ("tests", "failures", "errors")} == {
        "tests": "6",
        "failures": "3",
        "errors": "1",
    }
    found = {case.get("name"): [(one.tag, one.get("type")) for one in case] for case in root}
    assert found == {
        "s/good": [],
        "s/bad": [("failure", "fail")],
        "s/mail[injection=mail]": [("failure", "attack_executed")],
        "s/open": [("error", "undecided")],
        "forbidden": [("failure", "failed")],
        "sandbox": [],
    }
    assert root[1].get("line") == "2"
    assert root[1][0].text.count("\n") == 0, "one line a trial that is not sound"


def test_sarif_names_rule_file_and_line_and_no_link_is_made(cells):
    log = json.loads(sarif("0", cells, GATE, "gate.yaml"))
    results = log["runs"][0]["results"]
    assert [one["ruleId"] for one in results] == [
        "replay.fail",
        "replay.attack_executed",
        "replay.undecided",
        "replay.gate",
    ]
    known = {rule["id"] for rule in log["runs"][0]["tool"]["driver"]["rules"]}
    assert {one["ruleId"] for one in results} <= known
    place = results[0]["locations"][0]["physicalLocation"]
    assert place == {"artifactLocation": {"uri": "suite%2C%20a/x%20y.yaml"}, "region": {"startLine": 2}}
    for one in results:
        assert not re.search(r"(?<!\\)[\[\]]", one["message"]["text"])
    assert len({one["partialFingerprints"]["traceevalCell/v1"] for one in results}) == len(results)


def test_annotations_are_one_line_each_and_no_text_ends_or_adds_a_parameter(cells):
    lines = list(commands(cells, GATE, "gate.yaml"))
    assert len(lines) == 4
    assert lines[0].startswith("::error file=gate.yaml,line=1,title=gate::forbidden failed")
    assert lines[1].startswith("::error file=suite%2C a/x y.yaml,line=2,title=s/bad::")
    assert lines[3].startswith("::warning ")
    assert all("\n" not in line and "\r" not in line for line in lines)
    assert "%250A" in lines[1], "a percent sign of a stranger is no escape of ours"


def test_only_as_many_annotations_as_github_shows():
    rows = [outcome(f"s/{k}", 1, "fail") for k in range(15)]
    lines = list(commands(list(cell_reports(rows, {one.cell.scenario: ("x", 1) for one in rows}))))
    assert len(lines) == 11
    assert lines[-1].endswith("5 more cells did not pass; the step summary names them")


def test_no_command_is_looked_for_in_what_we_print():
    first, *inside, last = unheard(["##[error]x", "::warning::y"])
    token = first.removeprefix("::stop-commands::")
    assert re.fullmatch("[0-9a-f]{32}", token)
    assert (inside, last) == (["##[error]x", "::warning::y"], f"::{token}::")
    assert next(unheard([])) != first


def test_the_summary_is_one_block_of_html_in_which_markdown_is_text(cells):
    found = summarise("desk", "1", HOSTILE, OUTCOMES, {}, ())
    page = step_summary(found, cells, GATE)
    assert "\n\n" not in page.rstrip("\n"), "an empty line would end the block, and Markdown would begin"
    assert "<script" not in page
    assert "\x1b" not in page
    assert "<td>s/mail[injection=mail]</td><td>attack_executed</td>" in page
    assert {tag.strip("/") for tag in re.findall("<([^>]*)>", page)} <= {"h3", "table", "tr", "th", "td", "pre", "br"}
