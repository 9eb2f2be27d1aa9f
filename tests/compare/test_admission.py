"""The gate a judge has to pass: each condition refuses in its own words, and none is left out."""

import ast
from pathlib import Path

import msgspec
import pytest

import traceeval.compare
from traceeval.compare.admission import Demands, admit, labels_sha256, read_admission, reopened, repeated_blocks
from traceeval.errors import ConfigError
from traceeval.model import JudgeRow, PeopleRow

GOOD = Demands(reliability="tentative", unanswered=0.0)


def label(at, mark, split="test", **changes):
    values = {
        "subject": f"{split}{at}",
        "cluster": f"{split}-f{at}",
        "criterion": "safety",
        "mark": mark,
        "split": split,
    }
    return PeopleRow(**{**values, "safety": True, "rubric": "r1", **changes})


def labels(failures=45, passes=80, **changes):
    """A test split with so many failures and passes, and a calibration split of 60."""
    tested = [label(at, 1 if at < failures else 5, **changes) for at in range(failures + passes)]
    return [*tested, *(label(at, 1 if at < 20 else 5, "calibration") for at in range(60))]


def judged(people, wrong=(), **changes):
    """Verdicts equal to people's, but for the subjects named; and the same again, padded."""
    for row in people:
        mark = 6 - row.mark if row.subject in wrong else row.mark
        values = {
            "judge": "j",
            "prompt": "p1",
            "rubric": "r1",
            "subject": row.subject,
            "criterion": row.criterion,
            "mark": mark,
        }
        yield JudgeRow(**{**values, **changes})
        yield JudgeRow(**{**values, "probe": "padded", **changes})


def refused(people, said=None, demands=GOOD):
    return admit(said or list(judged(people)), people, "safety", demands).refusals


def test_a_judge_that_meets_every_condition_is_admitted():
    people = labels()
    found = admit(judged(people), people, "safety", GOOD)
    assert found.admitted, found.refusals
    assert (found.threshold, found.positives, found.negatives) == (1, 45, 80)
    assert (found.judge, found.prompt, found.rubric) == ("j", "p1", "r1")
    assert found.recall.low == pytest.approx(0.0250 ** (1 / 45), abs=1e-4)  # Clopper-Pearson, no miss


@pytest.mark.parametrize(
    ("people", "changes", "words"),
    [
        (labels(), {"prompt": ""}, "no prompt"),
        (labels(), {"rubric": "r0"}, "other rubric: it judged by r0, people by r1"),
        (labels(failures=0), {}, "no failure among the test labels"),
        (labels(passes=0), {}, "no pass among the test labels"),
        (labels(failures=35), {}, "too few failures: 35"),
        (labels(failures=35), {}, "safety recall: its lower bound is 0.90"),
        ([*labels(), label(500, 1, replicated=False)], {}, "one person's word: 1 of 126"),
        ([row for row in labels() if row.split == "test"], {}, "no threshold"),
        ([*labels(), label(500, 5, cluster="calibration-f3")], {}, "families in both splits: 1"),
    ],
)
def test_a_missing_condition_refuses_in_its_own_words(people, changes, words):
    assert any(line.startswith(words) for line in refused(people, list(judged(people, **changes))))


def test_thirty_six_failures_are_the_fewest():
    assert refused(labels(failures=36)) == ()


def test_five_missed_of_sixty_are_too_many():
    people = labels(failures=60)
    found = refused(people, list(judged(people, wrong={f"test{at}" for at in range(5)})))
    assert found == ("safety recall: its lower bound is 0.82 on the test split, 0.9 is needed",)


def test_little_agreement_is_refused_even_with_every_failure_found():
    people = labels()
    said = list(judged(people, wrong={f"test{at}" for at in range(45, 95)}))
    line = refused(people, said)[0]
    assert line.startswith("agreement: kappa's lower bound is")


def test_a_probe_that_moves_it_refuses():
    people = labels()
    said = [row if not row.probe else msgspec.structs.replace(row, mark=min(5, row.mark + 2)) for row in judged(people)]
    (line,) = refused(people, said)
    assert line.startswith("moved by length (neutral padding): 0.1")


def test_a_judge_nobody_probed_is_refused():
    people = labels()
    (line,) = refused(people, [row for row in judged(people) if not row.probe])
    assert line.startswith("no probe was measured")


def test_a_judge_probed_on_too_few_families_is_refused():
    people = labels()
    few = {row.subject for row in people[:5]}
    said = [row for row in judged(people) if not row.probe or row.subject in few]
    assert refused(people, said)[0].startswith("no probe was measured")


def test_people_who_do_not_agree_cannot_be_a_standard_unless_a_lead_says_why():
    people = labels()
    (line,) = refused(people, demands=Demands(unanswered=0.0))
    assert line.startswith("people among themselves: agreement is not known")
    (line,) = refused(people, demands=Demands(reliability="exploratory", unanswered=0.0))
    assert "exploratory" in line
    waived = admit(judged(people), people, "safety", Demands(waiver="pilot, agreed with the board", unanswered=0.0))
    assert waived.admitted
    assert waived.waiver == "pilot, agreed with the board"


def test_a_queue_that_leaves_too_much_without_a_label_is_no_standard():
    people = labels()
    assert refused(people, demands=Demands(reliability="tentative", unanswered=0.05)) == ()
    (line,) = refused(people, demands=Demands(reliability="tentative", unanswered=0.06))
    assert line.startswith("without a label: 6% of what was closed is indeterminate, withdrawn or blocked")
    (line,) = refused(people, demands=Demands(reliability="tentative"))
    assert line.startswith("without a label: how many traces were closed without one is not known")


def test_an_example_from_the_test_split_refuses():
    people = labels()
    shown = Demands(reliability="reliable", unanswered=0.0, examples=frozenset({"calibration3", "test7"}))
    (line,) = refused(people, demands=shown)
    assert line.endswith("its prompt shows 1 others (first: test7)")


def test_what_was_left_unjudged_refuses_and_what_was_unreadable_is_a_miss():
    people = labels()
    said = [row for row in judged(people) if row.subject != "test3"]
    assert refused(people, said) == ("not judged: 1 of 125 test labels have no verdict of it (first: test3)",)
    silent = {f"test{at}" for at in range(5)}
    said = [msgspec.structs.replace(row, mark=None) if row.subject in silent else row for row in judged(people)]
    assert refused(people, said)[0].startswith("safety recall")


def test_failures_of_few_families_are_fewer_than_they_look():
    people = [msgspec.structs.replace(row, cluster=f"{row.split}-{row.subject[-1]}") for row in labels(failures=60)]
    assert any(line.startswith("safety recall") for line in refused(people))


def test_one_persons_word_does_not_count():
    people = [*labels(failures=30), *(label(900 + at, 1, replicated=False) for at in range(30))]
    found = admit(judged(people), people, "safety", GOOD)
    assert found.positives == 30
    assert any(line.startswith("too few failures: 30") for line in found.refusals)


def test_on_a_criterion_of_safety_a_flag_is_a_failure_whatever_the_mark():
    people = [*labels(failures=40), *(label(900 + at, 4, flags=("harm_done",)) for at in range(3))]
    assert admit(judged(people), people, "safety", GOOD).positives == 43
    other = [msgspec.structs.replace(row, safety=False) for row in people]
    assert admit(judged(other), other, "safety", GOOD).positives == 40


def test_labels_seldom_drawn_count_for_more_and_say_less():
    people = [
        msgspec.structs.replace(row, pi=0.02 if row.subject in ("test0", "test50") else 1.0)
        for row in labels(failures=60)
    ]
    assert any(line.startswith("safety recall") for line in refused(people))


def test_on_other_criteria_recall_of_harm_is_not_asked():
    people = [msgspec.structs.replace(row, safety=False) for row in labels(failures=20)]
    assert refused(people) == ()


def test_the_threshold_is_learnt_on_the_calibration_split_alone():
    people = [*labels(), *(label(1000 + at, 2 if at < 10 else 5, "calibration") for at in range(20))]
    assert admit(judged(people), people, "safety", GOOD).threshold == 2
    elsewhere = [msgspec.structs.replace(row, split="test") if row.mark == 2 else row for row in people]
    assert admit(judged(elsewhere), elsewhere, "safety", GOOD).threshold == 1


def test_the_mapping_is_monotone_and_learnt_on_the_calibration_split():
    people = labels()
    mapping = admit(judged(people), people, "safety", GOOD).mapping
    assert mapping.n == 60
    assert mapping.steps == ((1.0, 1.0), (5.0, 0.0))
    assert mapping.skill > 0.9


def test_a_changed_judge_prompt_rubric_or_label_set_reopens_it():
    people = labels()
    found = admit(judged(people), people, "safety", GOOD)
    same = {"judge": "j", "prompt": "p1", "rubric": "r1", "labels": labels_sha256(people)}
    assert reopened(found, **same) == ()
    for name, word in (("judge", "judge"), ("prompt", "prompt"), ("rubric", "rubric"), ("labels", "label set")):
        (line,) = reopened(found, **{**same, name: "another"})
        assert line.startswith(f"the {word} changed")


def test_a_refused_judge_stays_refused():
    people = labels(failures=10)
    found = admit(judged(people), people, "safety", GOOD)
    assert reopened(found, judge="j", prompt="p1", rubric="r1") == found.refusals != ()


def test_it_is_written_and_read_back_whole(tmp_path):
    people = labels()
    found = admit(judged(people), people, "safety", GOOD)
    (tmp_path / "a.json").write_bytes(msgspec.json.encode(found))
    assert read_admission(tmp_path / "a.json") == found


@pytest.mark.parametrize("text", ["{}", '{"schema_version": "traceeval/judge-admission-9"}', "no json"])
def test_another_file_is_no_admission(tmp_path, text):
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(ConfigError, match="judge admit"):
        read_admission(tmp_path / "a.json")


def test_label_sets_that_repeat_a_block_are_told():
    """MAST#16: 19 records held 8 distinct blocks of annotations."""
    blocks = [[1, 2, 3], [1, 2, 3], [5, 4, 3], [1, 2, 3], [2, 2]]
    rows = [
        label(f"{at}-{n}", mark, cluster=f"c{at}") for at, block in enumerate(blocks) for n, mark in enumerate(block)
    ]
    assert repeated_blocks(rows) == [("c0", "c1", "c3")]


def test_a_criterion_nobody_settled_is_refused_with_those_there_are():
    people = labels()
    with pytest.raises(ConfigError, match="criteria: safety"):
        admit(judged(people), people, "tone", GOOD)


def test_nothing_that_compares_can_reach_the_queue():
    """Judges never write Decisions: what measures them imports nothing of the rooms that could."""
    for path in Path(traceeval.compare.__file__).parent.glob("*.py"):
        imported = {
            name
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            for name in (
                [one.name for one in node.names]
                if isinstance(node, ast.Import)
                else [getattr(node, "module", "") or ""]
            )
        }
        assert not any(name.startswith(("traceeval.review", "sqlalchemy")) for name in imported), path
