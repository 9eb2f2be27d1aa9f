from tests.diagnose._found import found

from traceeval.testing import call, user

CODE = "tool.wrong_entity"
PEOPLE = [
    {"id": "C-101", "name": "Ann Marsh", "email": "ann@shop.example"},
    {"id": "C-202", "name": "Bob Tarn", "email": "bob@shop.example"},
]


def acts(said, *ids, name="cancel_order"):
    return found(CODE, user(said), call("search_items", {}, PEOPLE), *(call(name, {"id": id}) for id in ids))


def test_the_id_of_somebody_else_is_critical():
    (finding,) = acts("Cancel the order of Ann Marsh", "C-202")
    assert finding.severity == 5
    assert "ann marsh" in finding.text


def test_a_read_of_somebody_else_is_milder():
    (finding,) = acts("Show the order of ann@shop.example", "C-202", name="get_order")
    assert finding.severity == 3


def test_the_right_id_is_none():
    assert not acts("Cancel the order of Ann Marsh", "C-101")


def test_the_users_own_id_is_none():
    assert not acts("Cancel C-202, not the one of Ann Marsh", "C-202")


def test_a_word_of_the_other_name_leaves_it_open():
    assert not acts("Cancel it for Bob, who works with Ann Marsh", "C-202")


def test_a_comparison_uses_both():
    assert not acts("Compare with Ann Marsh", "C-101", "C-202", name="get_order")


def test_nobody_was_named():
    assert not acts("Cancel the order", "C-202")
