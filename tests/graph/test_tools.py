"""Annotations: declared ones are believed, inferred ones are marked, wrong files say what is wrong."""

import pytest

from traceeval.errors import ConfigError
from traceeval.graph import ToolBook, TraceGraph, load_tools
from traceeval.graph._condition import holds
from traceeval.model import Basis, ToolOffer, ToolSpec, When
from traceeval.testing import call, model, trace

# Names from public interfaces and documentation at large, with what those tools do; none is of a benchmark's list.
NAMES = {
    "read": "get_order searchFlights list_directory read_text_file fetch_url query_database orders_list user_get orderStatus "
    "look_up_word track_parcel payments.list github__search_code describe_table email_read count_tokens has_access",
    "write": "cancel_reservation create_issue merge_pull_request move_file write_file edit_file calendar_event_create "
    "get_or_create_user check_out sign_up set_alarm schedule_meeting add_to_cart stripe.refunds.create update-row "
    "apply_discount turn_on_light book_table",
    "external": "send_email gmail.sendEmail message_send post_tweet slack_post_message share_document pay_invoice "
    "transfer_funds call_phone reply_to_thread wire_money",
    "privileged": "run_shell execute_sql exec grant_role revoke_token deploy_service reset_password install_package",
    "pure": "calculate convert_units think format_date transfer_to_human_agents handoff_to_agent respond final_answer "
    "ask_user",
    "unknown": "zorgle foo_bar_baz x",
}


@pytest.mark.parametrize(
    ("name", "effect"), [(name, effect) for effect, names in NAMES.items() for name in names.split()]
)
def test_the_effect_of_an_unannotated_tool_is_inferred_from_its_name(name, effect):
    spec = ToolBook().spec(name)
    assert (spec.effect, spec.basis) == (effect, Basis.INFERRED)
    assert spec.confidence < 1


@pytest.mark.parametrize(
    ("name", "hints", "effect"),
    [
        ("zorgle", {"readOnlyHint": True}, "unknown"),
        ("delete_all", {"readOnlyHint": True}, "write"),
        ("get_all", {"destructiveHint": True}, "write"),
        ("zorgle", {"readOnlyHint": False}, "write"),
        ("create_page", {"openWorldHint": True}, "external"),
        ("get_all", {"readOnlyHint": "yes", "destructiveHint": "no"}, "read"),
    ],
)
def test_a_servers_hint_may_raise_what_a_tool_is_taken_for_and_never_lower_it(name, hints, effect):
    book = ToolBook()
    book.learn({name: ToolOffer(name=name, hints=hints)})
    assert book.spec(name).effect == effect


def test_hints_never_excuse():
    book = ToolBook()
    book.learn({"send_it": ToolOffer(name="send_it", hints={"idempotentHint": True, "destructiveHint": False})})
    spec = book.spec("send_it")
    assert (spec.idempotent, spec.reversible) == (False, False)


@pytest.mark.parametrize(
    ("offer", "effect"),
    [
        ({"description": "Sends a message to a customer."}, "external"),
        ({"description": "Deletes every record of the table."}, "write"),
        ({"description": "Returns the weather. Harmless!"}, "write"),  # "return" is a change: better asked than missed
        ({"description": "Gets the weather."}, "unknown"),
        ({"parameters": {"properties": {"to": {}, "body": {}}}}, "external"),
        ({"parameters": {"properties": {"recipient": {}, "amount": {}}}}, "external"),
        ({"parameters": {"properties": {"city": {}}}}, "unknown"),
        ({"parameters": {"properties": "broken"}}, "unknown"),
    ],
)
def test_a_nameless_tool_is_raised_by_what_is_said_of_it(offer, effect):
    book = ToolBook()
    book.learn({"zorgle": ToolOffer(name="zorgle", **offer)})
    assert book.spec("zorgle").effect == effect


@pytest.mark.parametrize(
    ("name", "trust"),
    [("read_emails", "untrusted"), ("fetch_webpage", "untrusted"), ("get_user_profile", None), ("send_email", None),
     ("search_direct_flight", None)],
)  # fmt: skip
def test_what_anybody_may_have_written_is_untrusted_by_whole_words(name, trust):
    assert ToolBook().spec(name).output_trust == trust


@pytest.mark.parametrize(
    ("name", "idempotent", "reversible", "volatile"),
    [("send_email", False, False, None), ("create_ticket", False, None, None), ("cancel_order", None, False, None),
     ("update_address", None, None, None), ("get_status", None, None, True), ("get_known_timesheet", None, None, None)],
)  # fmt: skip
def test_what_cannot_be_repeated_or_taken_back_is_read_from_the_verb(name, idempotent, reversible, volatile):
    spec = ToolBook().spec(name)
    assert (spec.idempotent, spec.reversible, spec.volatile) == (idempotent, reversible, volatile)


def test_schemas_and_hints_come_from_the_trace():
    offered = ToolOffer(name="zorgle", parameters={"properties": {"to": {}, "text": {}}}, hints={"openWorldHint": True})
    graph = TraceGraph(trace(model(tools=[offered]), call("zorgle", {"to": "bo"})))
    spec = graph.calls[0].spec
    assert (spec.effect, spec.parameters) == ("external", offered.parameters)


def test_what_a_declaration_leaves_open_is_inferred_where_that_hides_nothing():
    declared = ToolSpec(name="send_email", confirm="always", basis=Basis.DECLARED)
    spec = ToolBook({"send_email": declared}).spec("send_email")
    assert (spec.effect, spec.confirm, spec.basis) == ("external", "always", Basis.DECLARED)
    assert spec.guessed == ("effect", "arg_roles")
    assert (spec.basis_of("confirm"), spec.basis_of("confirm", "effect")) == (Basis.DECLARED, Basis.INFERRED)
    assert (spec.idempotent, spec.reversible) == (None, None)


def test_a_complete_declaration_is_taken_as_it_is():
    declared = ToolSpec(name="send_email", effect="read", arg_roles={}, output_trust="trusted", basis=Basis.DECLARED)
    spec = ToolBook({"send_email": declared}).spec("send_email")
    assert spec == declared


@pytest.mark.parametrize(
    ("roles", "path", "role"),
    [
        ({"to": "destination"}, "to", "destination"),
        ({"items.id": "resource"}, "items.3.id", "resource"),
        ({"items": "resource"}, "items.3.name", "resource"),
        ({"to": "destination"}, "amount", "free"),
        (None, "payment.amount", "amount"),
        (None, "recipients.0", "destination"),
        (None, "whatever", "free"),
    ],
)
def test_a_role_is_found_by_path_then_by_key_then_by_name(roles, path, role):
    book = ToolBook({"f": ToolSpec(name="f", effect="write", arg_roles=roles, basis=Basis.DECLARED)})
    assert book.role(book.spec("f"), path) == role


def test_a_file_is_believed(tmp_path):
    path = tmp_path / "tools.yaml"
    path.write_text(
        "tools:\n  zorgle:\n    effect: write\n    idempotent: true\n    reversible: false\n    volatile: false\n"
        "    entity: [id]\n    arg_roles: {id: resource}\n    output_trust: user\n    output_labels: [pii, secret]\n"
        "    confirm: {when: amount > 100}\n    error_when: status == 'failed'\n    precondition_reads: [get]\n"
        "    after: [login, [a, b]]\n    scope: [clerk]\n    ends: true\n    optional: true\n    cost: 0.5\n"
        "    parameters: {type: object}\n"
    )
    (declared,) = load_tools(path)
    assert ToolBook({"zorgle": declared}).spec("zorgle") == declared
    assert (declared.confirm, declared.after, declared.basis) == (
        When(when="amount > 100"),
        ("login", ("a", "b")),
        Basis.DECLARED,
    )


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("tools: {a: {effect: nuke}}", "a"),
        ("tools: {a: {colour: red}}", "known keys"),
        ("- 1", "tools"),
        ("tools: {a: [", "YAML"),
        ("tools: {a: {confirm: sometimes}}", "a"),
        ("tools: {a: {confirm: {when: 'f(1)'}}}", "not allowed"),
        ("tools: {a: {error_when: 'status =='}}", "a: condition"),
        ("tools: {a: {guessed: [effect]}}", "not for a file to say"),
    ],
)
def test_a_wrong_file_names_the_tool_and_the_way_out(tmp_path, text, hint):
    path = tmp_path / "tools.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=hint):
        load_tools(path)


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


@pytest.mark.parametrize(
    ("declared", "arguments", "expected"),
    [
        ("always", {}, True),
        ("never", {"amount": 900}, False),
        (None, {}, None),
        (When(when="amount > 100"), {"amount": 900}, True),
        (When(when="amount > 100 or to == 'bo'"), {"amount": 9, "to": "kim"}, False),
        (When(when="amount > -5"), {"amount": 0}, True),
        (When(when="amount > 100"), {}, None),
        (When(when="amount > 100"), None, None),
        (When(when="amount > 100"), {"amount": "many"}, None),
    ],
)
def test_whether_consent_is_needed_may_depend_on_the_arguments(declared, arguments, expected):
    spec = ToolSpec(name="pay", effect="write", confirm=declared, basis=Basis.DECLARED)
    graph = TraceGraph(trace(call("pay", arguments)), ToolBook({"pay": spec}))
    assert graph.calls[0].confirm is expected


def _nested(depth):
    return '{"a":' * depth + "1" + "}" * depth


@pytest.mark.parametrize(
    ("result", "ok"),
    [
        ("Error: no such order", False),
        ({"isError": True, "content": []}, False),
        ({"isError": False, "content": "error log is empty"}, True),
        ({"status_code": 404, "body": "x"}, False),
        ({"status": 500, "message": "x"}, False),
        ({"status": "404"}, False),
        ({"status": "²²²"}, True),
        ({"status": 450, "order": "W1"}, True),
        ({"code": 404, "city": "x"}, True),
        ({"error": "not found"}, False),
        ({"error": {"code": 7}, "success": False}, False),
        ({"error": None, "order": "W1"}, True),
        ({"error": "none so far", "order": "W1"}, True),
        ({"order": "W1", "note": "Error: printed on the parcel"}, True),
        (_nested(5000), True),
        ('{"content":"' + "x" * 30_000 + '","isError": true}', False),
    ],
)
def test_a_result_says_itself_whether_it_is_an_error(result, ok):
    assert TraceGraph(trace(call("get", {}, result))).calls[0].ok is ok
