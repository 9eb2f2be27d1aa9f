import msgspec
import pytest

from traceeval.model import CallSpec, GoldRow, PlantedLabel


def test_a_gold_row_becomes_a_reference_with_its_place():
    row = msgspec.json.decode(b'{"question": "q", "answer": "a", "calls": [{"tool": ["f", "g"]}]}', type=GoldRow)
    gold = row.gold("gold.jsonl:1")
    assert (gold.question, gold.where, gold.reference.answer) == ("q", "gold.jsonl:1", ("a",))
    assert gold.reference.calls == (CallSpec(tool=("f", "g")),)
    assert gold.reference.documents is None


def test_a_misspelt_field_is_refused():
    with pytest.raises(msgspec.ValidationError, match="unknown field `answers`"):
        msgspec.json.decode(b'{"trace": "t", "answers": []}', type=GoldRow)


def test_a_clean_trace_has_a_label_too():
    row = b'{"trace": "t", "file": "t.json", "fault": null, "component": null, "finding": null}'
    assert msgspec.json.decode(row, type=PlantedLabel).component is None
