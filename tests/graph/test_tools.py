"""Annotations: declared ones are believed, inferred ones are marked, wrong files say what is wrong."""

import pytest

from traceeval.errors import ConfigError
from traceeval.graph import ToolBook, load_tools
from traceeval.graph._condition import holds
from traceeval.model import Basis, ToolOffer


@pytest.mark.parametrize(
    ("name", "effect"),
    [("get_order", "read"), ("searchFlights", "read"), ("cancel_reservation", "write"), ("send_email", "external"),
     ("run_shell", "privileged"), ("calculate", "pure"), ("zorgle", "unknown"), ("transfer_to_human_agents", "pure")],
)  # fmt: skip
def test_the_effect_of_an_unannotated_tool_is_inferred_from_its_name(name, effect):
    spec = ToolBook().spec(name)
    assert (spec.effect, spec.basis) == (effect, Basis.INFERRED)
    assert spec.confidence < 1


def test_a_servers_hint_never_makes_a_tool_harmless():
    book = ToolBook()
    book.offered["zorgle"] = ToolOffer(name="zorgle", hints={"readOnlyHint": True})
    book.offered["get_all"] = ToolOffer(name="get_all", hints={"destructiveHint": True})
    assert book.spec("zorgle").effect == "unknown"
    assert book.spec("get_all").effect == "write"


def test_a_file_is_believed(tmp_path):
    path = tmp_path / "tools.yaml"
    path.write_text("tools:\n  zorgle: {effect: write, confirm: always, arg_roles: {id: resource}}\n")
    spec = ToolBook({spec.name: spec for spec in load_tools(path)}).spec("zorgle")
    assert (spec.effect, spec.confirm, spec.basis) == ("write", "always", Basis.DECLARED)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("tools:\n  a: {effect: nuke}", r"tools\.yaml:2: effect: Invalid enum value 'nuke'.*traceeval schema tools"),
        ("tools:\n  a: {}\n  b:\n    colour: red", r"tools\.yaml:4: colour: .*unknown field"),
        ("tools:\n  a:\n    basis: declared", r"tools\.yaml:3: tools\.a\.basis is not for a file to say"),
        ("tools:\n  a: {}\n  a: {}", r"tools\.yaml:3: the key 'a' stands twice"),
        ("tools:\n  a:", r"tools\.yaml:2: an empty value"),
        ("tool: {}", r"tools\.yaml:1: "),
        ("- 1", r"tools\.yaml:1: no mapping; write `tools"),
        ("", r"tools\.yaml:1: a file of tools holds one document, not 0"),
        ("tools: {a: [", r"tools\.yaml:1: not YAML"),
        ('{"\\ud800": 1}', r"tools\.yaml:1: half of a character"),
    ],
)
def test_a_wrong_file_names_the_line_and_the_way_out(tmp_path, text, hint):
    path = tmp_path / "tools.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=hint):
        load_tools(path)


def test_words_that_yaml_takes_for_booleans_and_dates_stay_texts(tmp_path):
    path = tmp_path / "tools.yaml"
    path.write_text(
        "tools:\n  no: {effect: write, entity: [on, yes], arg_roles: {on: resource}}\n  12:30: {effect: read}\n"
    )
    off, time = load_tools(path)
    assert (off.name, off.entity, off.arg_roles) == ("no", ("on", "yes"), {"on": "resource"})
    assert time.name == "12:30"


@pytest.mark.parametrize(
    ("condition", "text", "expected"),
    [
        ("status == 'failed'", '{"status": "failed"}', True),
        ("status == 'failed'", '{"status": "ok"}', False),
        ("status == 'failed'", "no json", None),
        ("'denied' in text", "access denied", True),
        ("code >= 400 and not retry", '{"code": 500, "retry": false}', True),
        ("error.kind in ['a', 'b']", '{"error": {"kind": "b"}}', True),
    ],
)
def test_conditions_are_read_as_a_small_language(condition, text, expected):
    assert holds(condition, text) is expected


@pytest.mark.parametrize("condition", ["__import__('os').system('x')", "status ==", "[x for x in text]", "f(1)"])
def test_anything_else_is_refused_and_never_evaluated(condition):
    with pytest.raises(ConfigError):
        holds(condition, "{}")
