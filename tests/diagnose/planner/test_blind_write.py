from tests.diagnose._found import SPECS, found, lacking, tool

from traceeval.testing import call, user

CODE = "planner.blind_write"
WRITE = call("pay_order", {"id": "A-11", "amount": 40})


def test_a_change_of_what_nobody_had_read_is_a_defect():
    (finding,) = found(CODE, user("Settle A-11"), WRITE)
    assert finding.severity == 3


def test_a_read_before_is_enough():
    assert not found(CODE, user("Settle A-11"), call("get_order", {"id": "A-11"}, "due: 40"), WRITE)


def test_a_list_that_shows_it_is_enough():
    assert not found(CODE, user("Settle it"), call("search_items", {}, [{"id": "A-11"}]), WRITE)


def test_a_read_of_another_thing_or_a_failed_one_is_not():
    assert found(CODE, user("Settle A-11"), call("get_order", {"id": "B-22"}, "due: 40"), WRITE)
    assert found(CODE, user("Settle A-11"), call("get_order", {"id": "A-11"}, error="down"), WRITE)


def test_a_user_who_says_everything_needs_no_look():
    assert not found(CODE, user("Pay 40 for A-11"), WRITE)


def test_what_is_created_cannot_be_read_before():
    specs = [tool("create_order", "write", entity=("id",), arg_roles={"id": "resource"})]
    assert not found(CODE, user("go"), call("create_order", {"id": "A-11"}), specs=specs)


def test_a_declared_reader_has_to_be_the_one():
    specs = [
        *SPECS[:3],
        tool("wipe", "write", entity=("id",), arg_roles={"id": "resource"}, precondition_reads=("check",)),
    ]
    read, wipe = call("get_order", {"id": "A-11"}, "A-11"), call("wipe", {"id": "A-11"})
    assert found(CODE, user("go"), read, wipe, specs=specs)
    checks = [tool("check", entity=("id",), arg_roles={"id": "resource"}), *specs]
    assert not found(CODE, user("go"), call("check", {"id": "A-11"}, "fine"), wipe, specs=checks)


def test_a_change_that_names_nothing_by_a_tool_nobody_annotated_is_unknown():
    assert lacking(CODE, user("go"), call("update_all", {"factor": 3}), specs=[]) == ["tools.update_all.entity"]
