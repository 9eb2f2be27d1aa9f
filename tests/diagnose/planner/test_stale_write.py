import msgspec
from tests.diagnose._found import SPECS, found

from traceeval.testing import call, user

CODE = "planner.stale_write"
READ = call("get_order", {"id": "A-11"}, {"id": "A-11", "due": 128.5})
CHANGE = call("cancel_order", {"id": "A-11"}, "ok")
PAY = call("pay_order", {"id": "A-11", "amount": 128.5})


def test_a_number_read_before_a_change_is_stale():
    (finding,) = found(CODE, user("settle A-11"), READ, CHANGE, PAY)
    assert finding.severity == 4
    assert finding.evidence[1].quote == "128.5"


def test_without_a_change_between_it_stands():
    assert not found(CODE, user("settle A-11"), READ, PAY)


def test_reading_again_refreshes_it():
    assert not found(CODE, user("settle A-11"), READ, CHANGE, READ, PAY)


def test_a_change_of_another_thing_does_not_matter():
    assert not found(CODE, user("settle A-11"), READ, call("cancel_order", {"id": "B-22"}), PAY)


def test_what_the_user_says_does_not_grow_stale():
    assert not found(CODE, user("pay 128.50 for A-11"), READ, CHANGE, PAY)


def test_a_change_that_failed_changed_nothing():
    assert not found(CODE, user("settle A-11"), READ, call("cancel_order", {"id": "A-11"}, error="no"), PAY)


def test_setting_a_value_whatever_it_was_cannot_be_stale():
    same = [msgspec.structs.replace(spec, idempotent=True) if spec.name == "pay_order" else spec for spec in SPECS]
    assert not found(CODE, user("settle A-11"), READ, CHANGE, PAY, specs=same)


def test_a_number_that_was_worked_out_has_no_single_source_to_grow_stale():
    parts = call("get_order", {"id": "A-11"}, {"id": "A-11", "parts": [100.25, 28.25]})
    assert not found(CODE, user("settle A-11"), parts, CHANGE, PAY)
