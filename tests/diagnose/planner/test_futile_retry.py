import msgspec
import pytest
from tests.diagnose._found import RULES, found

from traceeval.testing import call, dossier_of, trace

CODE = "planner.futile_retry"


def tries(*errors, gap=0.0, name="get_order", arguments=None):
    at = [index * (1 + gap * (index + 1)) for index in range(len(errors))]
    return [
        call(name, arguments or {"id": "A-11"}, error=error, start=start, end=start + 0.1)
        for error, start in zip(errors, at, strict=True)
    ]


def test_three_equal_failures_in_a_row_are_one_defect():
    (finding,) = found(CODE, *tries("no such order", "no such order", "no such order"))
    assert finding.severity == 2
    assert finding.evidence[0].quote.startswith("get_order(")


def test_two_failures_are_a_retry():
    assert not found(CODE, *tries("no such order", "no such order"))


def test_another_error_is_another_story():
    assert not found(CODE, *tries("no such order", "not allowed", "no such order"))


def test_a_changed_argument_starts_afresh():
    spans = [call("get_order", {"id": f"A-{n}"}, error="no such order") for n in range(3)]
    assert not found(CODE, *spans)


def test_a_change_of_state_between_makes_a_retry_sensible():
    first, second, third = tries("locked", "locked", "locked")
    assert not found(CODE, first, call("cancel_order", {"id": "B-2"}), second, third)


def test_a_success_in_the_end_repairs_it():
    (finding,) = found(
        CODE, *tries("no such order", "no such order", "no such order"), call("get_order", {"id": "A-11"})
    )
    assert (finding.repaired, finding.severity) == (True, 1)


@pytest.mark.parametrize("error", ["429 too many requests", "503 service unavailable", "timed out"])
def test_backing_off_from_an_error_that_passes_is_right(error):
    assert not found(CODE, *tries(error, error, error, gap=1.0))


def test_hammering_at_an_error_that_passes_is_not():
    spans = [call("get_order", {"id": "A"}, error="429", start=n / 10, end=n / 10 + 0.05) for n in range(3)]
    assert found(CODE, *spans)


def test_without_times_nobody_knows_whether_it_waited():
    whole = trace(*tries("429", "429", "429"))
    bare = msgspec.structs.replace(
        whole, spans=tuple(msgspec.structs.replace(span, start=None, end=None) for span in whole.spans)
    )
    assert [finding.missing for finding in RULES.get(CODE).call(dossier_of(bare))] == [("span.start",)]
