"""From a frame to a queue: every unit kept, nothing twice, nothing shown that could not be redacted."""

import threading

import msgspec
import pytest
from sqlalchemy import select

from traceeval.errors import StoreFailed
from traceeval.model import trace_hash
from traceeval.review import Store, claim, schema, show, status, verify
from traceeval.testing import trace, user


def test_the_same_frame_again_adds_nothing(store, kit):
    assert kit.fill(store, kit.unit(1), kit.unit(2)) == 2
    events = verify(store).events
    assert kit.fill(store, kit.unit(1), kit.unit(2)) == 0
    assert verify(store).events == events
    assert kit.fill(store, kit.unit(1), kit.unit(3), frame="b" * 64) == 1
    assert kit.items(store) == {"queued": 3}
    assert status(store, "default").frame == 3


def test_a_frame_that_was_cut_short_is_completed(store, kit):
    kit.fill(store, kit.unit(1))
    assert kit.fill(store, kit.unit(1), kit.unit(2), kit.unit(3, pi=0.1, u=0.5, payload=None)) == 1
    assert status(store, "default").frame == 3
    assert verify(store).problem is None


def test_one_trace_many_times_in_a_frame_is_one_item(store, kit):
    assert kit.fill(store, *[kit.unit(1)] * 1500) == 1
    assert status(store, "default").slots == {"open": 2}


def test_many_at_once_queue_a_trace_once(store, kit):
    added = []
    runs = [threading.Thread(target=lambda: added.append(kit.fill(store, kit.unit(1), kit.unit(2)))) for _ in range(8)]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    assert sum(added) == 2
    assert len(added) == 8
    assert status(store, "default").slots == {"open": 4}
    assert verify(store).problem is None


def test_units_that_were_not_drawn_stay_in_the_frame_with_their_probability(store, kit):
    kit.fill(store, kit.unit(1), kit.unit(2, pi=0.1, u=0.5, payload=None, judge_score=0.25, signals={"conflict": 1.0}))
    with store.read() as connection:
        row = connection.execute(select(schema.selection_unit).where(~schema.selection_unit.c.drawn)).one()
    assert (row.pi, row.u, row.judge_score, row.signals) == (0.1, 0.5, 0.25, {"conflict": 1.0})
    assert kit.items(store) == {"queued": 1}


def test_k_is_the_number_of_people_asked(store, kit):
    kit.fill(store, kit.unit(1, k=1), kit.unit(2, k=2))
    assert status(store, "default").slots == {"open": 3}


def secret(text):
    sample = trace(user(text), id="p")
    return {"sha256": trace_hash(sample), "payload": msgspec.json.encode(sample)}


def test_reviewers_see_redacted_text_and_the_verdict_names_its_digest(store, kit):
    kit.fill(store, kit.unit(1, **secret("mail bo@corp.example, card 4111 1111 1111 1111")))
    shown = claim(store, "default", "ana").shown
    assert shown.trace.spans[1].body.text == "mail [REDACTED email], card [REDACTED card]"
    assert shown.redaction_version == "redact@2"


def test_nothing_unredacted_reaches_the_database(store, kit):
    kit.fill(store, kit.unit(1, **secret("mail bo@corp.example")))
    with store.read() as connection:
        import zlib

        for table in schema.meta.sorted_tables:
            for row in connection.execute(select(table)):
                texts = [zlib.decompress(value) if isinstance(value, bytes) else value for value in row]
                assert "bo@corp" not in str(texts)


@pytest.mark.parametrize("payload", [b"{", b"", None, b'{"id": "x"}', b"[1]"])
def test_a_payload_that_cannot_be_shown_is_blocked(store, kit, payload):
    kit.fill(store, kit.unit(1, payload=payload))
    assert kit.items(store) == {"blocked": 1}
    assert status(store, "default").slots == {}


def test_traces_of_one_scenario_share_a_family(store, kit):
    def asked(text, **fields):
        sample = trace(user(text), question=text, **fields)
        return kit.unit(1, sha256=trace_hash(sample), payload=msgspec.json.encode(sample))

    units = [asked("Where is it?", id="a"), asked("where  IS it?", id="b", answer="here"), asked("Who?", id="c")]
    kit.fill(store, *units, asked("Anything", id="d", scenario="s"), asked("Else", id="e", scenario="s"))
    with store.read() as connection:
        found = [row.family for row in connection.execute(select(schema.item).order_by(schema.item.c.id))]
    assert found[0] == found[1] != found[2]
    assert found[3] == found[4]


def test_a_trace_id_may_hold_anything(store, kit):
    kit.fill(store, kit.unit(1, trace="a\0b" + "x" * 600))
    assert show(store, 1, "ana").state == "queued"


def test_a_batch_that_fails_is_not_half_there(tmp_path, kit, monkeypatch):
    store = Store(f"sqlite:///{tmp_path / 'r.db'}")

    def refuse(*args):
        raise StoreFailed("full")

    with monkeypatch.context() as broken:
        broken.setattr("traceeval.review.select.slot_values", refuse)
        with pytest.raises(StoreFailed):
            kit.fill(store, kit.unit(1))
    assert kit.items(store) == {}
    assert kit.fill(store, kit.unit(1)) == 1
    assert verify(store).problem is None
    store.close()
