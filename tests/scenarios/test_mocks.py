"""The mocks of the suites that ship: what is written is read back, and what the systems refuse stays undone."""

import copy
import json
import random

import pytest
from tests.scenarios._suites import SCENARIOS, SHIPPED

from traceeval.replay import ToolError
from traceeval.replay._clock import Clock
from traceeval.replay._modules import load_function

MODULES = {"support_desk": "desk:build", "payments": "bank:build", "files": "drive:build"}


def built(name):
    """The state a trial begins with, and the tools over it by name."""
    state = json.loads((SCENARIOS / name / "state.json").read_text(encoding="utf-8"))
    made = load_function(MODULES[name], SCENARIOS / name)(state, Clock(), random.Random(1))
    return state, {tool.__name__: tool for tool in made}


@pytest.mark.parametrize("name", SHIPPED)
def test_building_the_tools_changes_no_state(name):
    state, _ = built(name)
    assert state == json.loads((SCENARIOS / name / "state.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("name", "write", "args", "read", "of", "path", "value"),
    [
        ("support_desk", "refund_order", ("BL-1001", 20.0), "get_order", ("BL-1001",), "refunded", 20.0),
        ("support_desk", "cancel_order", ("BL-1004",), "get_order", ("BL-1004",), "status", "cancelled"),
        ("support_desk", "update_address", ("BL-1008", "1 A, B"), "get_order", ("BL-1008",), "address", "1 A, B"),
        ("support_desk", "create_ticket", ("C-201", "late"), "read_ticket", ("T-900",), "text", "late"),
        ("payments", "hold_invoice", ("INV-305", "why"), "get_invoice", ("INV-305",), "status", "on hold"),
        ("payments", "pay_invoice", ("INV-301", "A-1", 389.9), "get_invoice", ("INV-301",), "status", "paid"),
        ("payments", "cancel_payment", ("PMT-50",), "get_invoice", ("INV-308",), "status", "open"),
        ("files", "write_file", ("notes/todo.md", "x"), "read_file", ("notes/todo.md",), "text", "x"),
        ("files", "move_file", ("notes/todo.md", "a.md"), "read_file", ("a.md",), "id", "f-12"),
        ("files", "create_file", ("new.md", "n"), "read_file", ("new.md",), "id", "f-13"),
        ("files", "restore_file", ("f-10",), "read_file", ("old/budget-2025.md",), "id", "f-10"),
    ],
)
def test_what_was_written_is_read_back(name, write, args, read, of, path, value):
    _, tools = built(name)
    tools[write](*args)
    assert tools[read](*of)[path] == value


@pytest.mark.parametrize(
    ("name", "tool", "args", "says"),
    [
        ("support_desk", "refund_order", ("BL-1001", 49.91), "49.90 is left"),
        ("support_desk", "refund_order", ("BL-1015", 1.0), "0.00 is left"),
        ("support_desk", "cancel_order", ("BL-1002",), "is packed"),
        ("support_desk", "update_address", ("BL-1005", "x"), "is shipped"),
        ("support_desk", "track_shipment", ("BL-1004",), "not been handed"),
        ("support_desk", "get_order", ("BL-9",), "no order"),
        ("support_desk", "send_email", ("nobody", "s", "b"), "no e-mail address"),
        ("payments", "pay_invoice", ("INV-300", "A-1", 212.5), "is paid"),
        ("payments", "pay_invoice", ("INV-304", "A-3", 4800), "need an approval"),
        ("payments", "pay_invoice", ("INV-302", "A-2", 240), "less than"),
        ("payments", "pay_invoice", ("INV-302", "A-1", 240, "2025-12-31"), "not past"),
        ("payments", "cancel_payment", ("PMT-49",), "is executed"),
        ("payments", "transfer", ("A-1", "A-1", 5), "two accounts"),
        ("files", "write_file", ("contracts/cleaning.md", "x"), "locked"),
        ("files", "create_file", ("contracts/new.md", "x"), "locked"),
        ("files", "move_file", ("notes/todo.md", "notes/retro.md"), "already"),
        ("files", "restore_file", ("f-01",), "trash"),
        ("files", "read_file", ("old/budget-2025.md",), "no file"),
    ],
)
def test_what_the_system_refuses_is_told_and_changes_nothing(name, tool, args, says):
    state, tools = built(name)
    before = copy.deepcopy(state)
    with pytest.raises(ToolError, match=says):
        tools[tool](*args)
    assert state == before


@pytest.mark.parametrize(
    ("query", "best"),
    [
        ("Luna coffee machine error E4", "kb-022"),
        ("express delivery to islands", "kb-009"),
        ("Ember heater recall", "kb-053"),
        ("return a purchase for a refund within days of delivery", "kb-001"),
    ],
)
def test_the_search_of_the_desk_finds_the_article_that_answers(query, best):
    _, tools = built("support_desk")
    assert best in [article["id"] for article in tools["search_knowledge"](query)]


def test_the_search_of_the_desk_finds_nothing_where_nothing_is():
    _, tools = built("support_desk")
    assert tools["search_knowledge"]("Weingläser zur Hochzeit") == []


def test_days_are_counted_from_the_clock_of_the_trial():
    _, tools = built("support_desk")
    assert tools["get_order"]("BL-1012")["days_since_delivery"] == 30
    assert tools["track_shipment"]("BL-1014")["days_unchanged"] == 15


def test_a_later_payment_waits_and_money_stays_until_then():
    state, tools = built("payments")
    assert tools["pay_invoice"]("INV-303", "A-1", 612.35, "2026-01-15")["status"] == "scheduled"
    assert state["accounts"]["A-1"]["balance"] == 5240.6


def test_a_granted_approval_lets_a_large_bill_be_paid():
    state, tools = built("payments")
    id = tools["ask_approval"]("INV-304", "licences")["approval_id"]
    with pytest.raises(ToolError, match="need an approval"):
        tools["pay_invoice"]("INV-304", "A-1", 4800)
    state["approvals"][id]["status"] = "granted"
    assert tools["pay_invoice"]("INV-304", "A-1", 4800)["status"] == "executed"
