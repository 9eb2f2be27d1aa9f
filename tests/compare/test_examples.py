"""Examples for a prompt: from the calibration split, and from nowhere else."""

import pytest

from traceeval.compare.examples import draw_examples
from traceeval.errors import ConfigError
from traceeval.model import PeopleRow


def label(at, split="calibration", mark=5, **changes):
    values = {
        "subject": f"{split}{at}",
        "cluster": f"{split}-f{at}",
        "criterion": "safety",
        "mark": mark,
        "split": split,
    }
    return PeopleRow(**{**values, **changes})


ROWS = [
    label(at, split, 1 if at % 5 == 0 else 5) for split in ("calibration", "test", "regression") for at in range(30)
]


def test_examples_and_the_test_split_have_nothing_in_common():
    drawn = draw_examples(ROWS, "safety", 12)
    assert {row.split for row in drawn} == {"calibration"}
    assert not {row.cluster for row in drawn} & {row.cluster for row in ROWS if row.split != "calibration"}


def test_both_classes_are_shown_in_turn():
    assert [row.mark for row in draw_examples(ROWS, "safety", 6)] == [1, 5, 1, 5, 1, 5]


def test_one_family_is_shown_once():
    same = [label(at, cluster="one") for at in range(9)]
    assert len(draw_examples(same, "safety", 5)) == 1


def test_a_draw_does_not_depend_on_the_order_of_the_rows():
    assert draw_examples(ROWS, "safety", 8) == draw_examples(ROWS[::-1], "safety", 8)
    assert draw_examples(ROWS, "safety", 8) != draw_examples(ROWS, "safety", 8, seed="1")


def test_without_a_calibration_label_there_are_no_examples():
    with pytest.raises(ConfigError, match="calibration split"):
        draw_examples([label(1, "test")], "safety", 3)
