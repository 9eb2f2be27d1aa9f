"""What somebody typed is given back under the labels of the form it was typed into."""

from starlette.datastructures import FormData

from traceeval.web.typed import LABELS, typed
from traceeval.web.words import catalogue


def test_fields_are_called_as_their_form_calls_them():
    form = FormData(
        [("csrf", "x"), ("handle", "eve"), ("role", "viewer"), ("project", "*"), ("target", "0,7"), ("rationale", " ")]
    )
    assert list(typed(form, "de")) == [
        ("Name", "eve"), ("Rolle", "Einsicht"), ("Projekt", "jedes Projekt"), ("Ziel für Alpha", "0,7")
    ]  # fmt: skip
    assert list(typed(form, "en"))[1:3] == [("Role", "viewer"), ("Project", "every project")]


def test_a_mark_is_called_by_its_criterion_and_a_reason_by_what_it_is_for():
    form = FormData(
        [("mark.tool_use", "cannot_judge"), ("mark.safety", "2"), ("reason.tool_use", "It was not called.")]
    )
    assert list(typed(form, "en")) == [
        ("tool use", "can’t judge"), ("safety", "2"), ("Reason: tool use", "It was not called.")
    ]  # fmt: skip


def test_a_secret_is_never_shown_and_an_unknown_field_stays_as_it_is():
    form = FormData([("old", "my present password"), ("password", "p"), ("token", "t"), ("x.y", "z")])
    assert list(typed(form, "en")) == [("x.y", "z")]


def test_every_label_is_in_the_catalogue():
    assert set(LABELS.values()) <= set(catalogue("en"))
