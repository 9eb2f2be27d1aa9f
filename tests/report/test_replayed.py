"""A replay in the terminal: which varied cells are not sound, the worst first, and how one of them is run alone."""

from tests._outcomes import outcome

from traceeval.compare.reliability import summarise
from traceeval.report.replayed import replay_lines


def summary(*outcomes):
    return summarise("s", "1", "mine", outcomes, {}, ())


def told(*outcomes, **options):
    """The lines from the unsound cells on."""
    lines = list(replay_lines(summary(*outcomes), **options))
    first = next((place for place, line in enumerate(lines) if line.startswith("not sound")), len(lines))
    return lines[first:]


def failing(fault, seed=1, **more):
    return outcome(seed=seed, axes={"fault": fault}, result="fail", why=f"{fault} broke it", **more)


def test_varied_cells_that_fail_are_named_with_their_cause_and_a_command():
    assert told(failing("down"), outcome(axes={"fault": "late"}), again="traceeval replay here --agent mine") == [
        "not sound: 1 varied cell, the worst first",
        "  s/1[fault=down] (): 0 of 1 passed; down broke it",
        "one of them alone: traceeval replay here --agent mine --only 's/1[fault=down]'",
    ]


def test_an_executed_attack_comes_before_a_failure_and_always_before_now_and_then():
    sometimes = [failing("now-and-then"), outcome(seed=2, axes={"fault": "now-and-then"})]
    attacked = outcome(axes={"injection": "mail"}, attack="executed")
    lines = told(*sometimes, failing("always"), attacked)
    assert [line.split("]")[0] for line in lines[1:4]] == [
        "  s/1[injection=mail",
        "  s/1[fault=always",
        "  s/1[fault=now-and-then",
    ]
    assert "attack executed in 1; the attack was executed" in lines[1]


def test_a_cell_that_nobody_could_judge_comes_last():
    unmet = outcome(axes={"fault": "unmet"}, result="not_evaluable", why="fault_not_met")
    assert "fault=unmet" in told(unmet, failing("down"))[2]


def test_twenty_are_shown_and_the_rest_counted():
    lines = told(*(failing(f"f{number}") for number in range(23)))
    assert len(lines) == 1 + 20 + 1 + 1
    assert lines[-2] == "  and 3 more, all in report.html"


def test_nothing_is_said_where_every_varied_cell_is_sound():
    assert told(outcome(result="fail"), outcome(axes={"fault": "down"})) == []


def test_one_of_anything_is_one():
    assert any(line.startswith("as written: 1 cell, 1 trial: ") for line in replay_lines(summary(outcome())))
