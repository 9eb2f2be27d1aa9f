from tests.diagnose._found import found, tool

from traceeval.model import ToolRequest
from traceeval.testing import call, model, user

CODE = "planner.cycle"
NOTHING = '{"items": []}'


def searches(*results, name="search_items"):
    return [call(name, {"query": f"lamp {'abc'[n % 3]}"}, result) for n, result in enumerate(results)]


def test_a_search_that_learns_nothing_twice_over_is_a_cycle():
    (finding,) = found(CODE, user("find a lamp"), *searches(NOTHING, NOTHING, NOTHING))
    assert finding.severity == 3
    assert {one.field for one in finding.evidence} == {"call"}


def test_one_repetition_is_none():
    assert not found(CODE, user("find a lamp"), *searches(NOTHING, NOTHING))


def test_exploring_pages_brings_facts():
    pages = ['{"items": ["red oak"]}', '{"items": ["blue pine tall"]}', '{"items": ["green ash small"]}']
    assert not found(CODE, user("find a lamp"), *searches(*pages))


def test_a_turn_of_the_user_starts_afresh():
    first, second, third = searches(NOTHING, NOTHING, NOTHING)
    assert not found(CODE, user("find a lamp"), first, second, user("once more please"), third)


def test_polling_is_waiting():
    assert not found(CODE, *searches(NOTHING, NOTHING, NOTHING, name="track_parcel"))


def test_a_changed_entity_is_worth_another_look():
    look = [call("get_order", {"id": "A-11"}, '{"id": "A-11"}') for _ in range(3)]
    change = [call("cancel_order", {"id": "A-11"}, "ok") for _ in range(2)]
    assert found(CODE, user("A-11"), *look)
    assert not found(CODE, user("A-11"), look[0], change[0], look[1], change[1], look[2])


def test_changes_are_no_moves_in_a_circle():
    saves = [call("save_note", {"text": f"note {n}"}, "ok") for n in range(3)]
    assert not found(CODE, user("take notes"), *saves, specs=[tool("save_note", "write")])


def test_calls_of_one_message_are_no_way_round():
    asked = tuple(ToolRequest(name="search_items", id=f"c{n}", arguments={"query": f"lamp {n}"}) for n in range(3))
    done = [
        call("search_items", one.arguments, NOTHING, call_id=one.id, requested_by="ask", id=f"d{n}")
        for n, one in enumerate(asked)
    ]
    assert not found(CODE, user("find a lamp"), model(None, calls=asked, id="ask"), *done)
