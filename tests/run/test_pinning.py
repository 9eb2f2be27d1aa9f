"""Traces become scenarios: redacted, with a tape, and an agent that does wrong again fails them."""

import json
from hashlib import sha256

import msgspec
import pytest
from click.testing import CliRunner
from tests.replay._run import SHOP, shop, trial
from tests.review.conftest import fill, give, settle_by

from traceeval.cli import main
from traceeval.model import Trace, trace_hash
from traceeval.replay import load_suite
from traceeval.replay.pinned import Asked, calls_of, pin, tape_of, write_pinned
from traceeval.review import Store, Unit, failures, reopen, verify
from traceeval.testing import call, model, trace, user

BAD = {"reasons": {"groundedness": "no source at all"}, "evidence": ("s1",)}


def rash(session):
    """Looks the order up, and gives money back that nobody asked for."""
    session.call_tool("get_order", {"order_id": "BL-1"})
    session.call_tool("refund_order", {"order_id": "BL-1", "amount": 27.4})
    session.say("I gave you your money back.")


def careful(session):
    """Looks the order up, and asks."""
    session.call_tool("get_order", {"order_id": "BL-1"})
    session.say("Order BL-1 is open. Shall I cancel it?")


def idle(session):
    """Says that all is well."""
    session.say("All is well.")


def run(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture
def recorded(tmp_path):
    """The rash agent's trace, as production keeps it: without what a replay knows of it."""
    found = trial(shop(tmp_path), rash).trial.trace
    return msgspec.structs.replace(found, reference=None, state=None, trial=None, scenario=None)


@pytest.fixture
def queue(tmp_path, recorded):
    """A queue in which two people disagreed on it, and a third called it wrong."""
    url = f"sqlite:///{tmp_path / 'review.db'}"
    store = Store(url)
    unit = Unit(
        trace=recorded.id, sha256=trace_hash(recorded), level=0.9, floor=5, pi=1.0, u=0.0, k=2, safety=False,
        reasons=(), payload=msgspec.json.encode(recorded),
    )  # fmt: skip
    fill(store, unit)
    give(store, "ana")
    give(store, "ben", 1, 5, 5, 5, 5, **BAD)
    (refund,) = [span.id for span in recorded.spans if span.name == "refund_order"]
    settle_by(store, "cara", 1, 5, 5, 5, 5, **BAD, blame=(refund,))
    store.close()
    return url


def results(suite, agent):
    return trial(suite, agent).outcome.result


def test_an_adjudicated_failure_fails_the_old_agent_and_passes_the_mended_one(tmp_path, queue):
    done = run(
        "scenario", "from-decisions", "--queue", queue, "--out", tmp_path / "pinned", "--tools", SHOP / "tools.yaml"
    )
    assert done.exit_code == 0, done.output
    suite = load_suite(tmp_path / "pinned")
    (scenario,) = suite.scenarios
    assert [one.call.tool for one in scenario.assertions.forbidden] == ["refund_order"]
    assert [one.call.tool for one in scenario.assertions.milestones.values()] == ["get_order"]
    assert "groundedness 1" in scenario.meta.note
    old = trial(suite, rash).outcome
    assert (old.result, old.why.partition(":")[0]) == ("fail", "forbidden")
    assert results(suite, careful) == "pass"
    assert results(suite, "reference") == "pass"
    assert results(suite, "noop") == "fail"
    assert results(suite, idle) == "fail"


def pins(url):
    from traceeval.review import export

    store = Store(url, create=False)
    with store.read() as connection:
        found = list(export.regressions(connection))
    return store, found


def test_a_pinned_failure_goes_on_record_and_is_flagged_when_its_decision_is_reopened(tmp_path, queue):
    out = tmp_path / "pinned"
    run("scenario", "from-decisions", "--queue", queue, "--out", out, "--tools", SHOP / "tools.yaml")
    store, (row,) = pins(queue)
    (path,) = out.glob("*.yaml")
    assert (row["scenario"], row["sha256"]) == (path.stem, sha256(path.read_bytes()).hexdigest())
    assert (row["expected"]["groundedness"], row["threshold"]["groundedness"]) == (1, 4)
    assert row["flagged_at"] is None
    assert verify(store).problem is None
    reopen(store, 1, "lea", "the refund was asked for after all")
    store.close()
    store, (row,) = pins(queue)
    assert row["flag_reason"] == "the refund was asked for after all"
    store.close()


def test_a_decision_is_pinned_once(tmp_path, queue):
    for place in ("one", "two"):
        run("scenario", "from-decisions", "--queue", queue, "--out", tmp_path / place, "--tools", SHOP / "tools.yaml")
    store, found = pins(queue)
    store.close()
    assert len(found) == 1


def test_what_people_passed_is_no_failure(tmp_path, recorded):
    store = Store(f"sqlite:///{tmp_path / 'review.db'}")
    unit = Unit(
        trace=recorded.id, sha256=trace_hash(recorded), level=0.9, floor=5, pi=1.0, u=0.0, k=1, safety=False,
        reasons=(), payload=msgspec.json.encode(recorded),
    )  # fmt: skip
    fill(store, unit)
    give(store, "ana")
    assert list(failures(store, "default")) == []
    store.close()
    done = run(
        "scenario", "from-decisions", "--queue", f"sqlite:///{tmp_path / 'review.db'}", "--out", tmp_path / "pinned"
    )
    assert (done.exit_code, "settled nothing as wrong yet" in done.output) == (2, True)


def written(folder, *traces):
    path = folder / "traces.jsonl"
    path.write_bytes(b"".join(msgspec.json.encode(one) + b"\n" for one in traces))
    return path


MAIL = "jane.doe@example.org"


def ordinary(id="t1", text=f"My address is {MAIL}, what of my order?", **arguments):
    """Somebody is looked up by their address."""
    return trace(
        user(text),
        call("find_customer", {"mail": MAIL, **arguments}, result=json.dumps({"mail": MAIL, "order": "BL-1"})),
        model("Your order is open."),
        id=id,
        answer="Your order is open.",
    )


def test_no_personal_data_is_left_and_the_agent_still_finds_its_answers(tmp_path):
    done = run("scenario", "from-trace", written(tmp_path, ordinary()), "--out", tmp_path / "pinned")
    assert done.exit_code == 0, done.output
    for path in (tmp_path / "pinned").rglob("*.*"):
        assert MAIL not in path.read_text()
    suite = load_suite(tmp_path / "pinned")

    def agent(session):
        words = session.messages[-1].content.split()
        (mail,) = [word.strip(",") for word in words if word.startswith("<email-")]
        found = session.call_tool("find_customer", {"mail": mail})
        assert mail in found.text
        session.say("It is open.")

    assert trial(suite, agent).outcome.result == "pass"
    assert trial(suite, "noop").outcome.result == "fail"
    off = trial(suite, lambda session: session.call_tool("find_customer", {"mail": MAIL[1:]})).outcome
    assert (off.result, off.notes) == ("diverged", {"off_tape": 1})


HOSTILE = [
    "yes",
    "1e5",
    "0123",
    "null",
    "- a: b",
    '"}\n# evil\nid: other\n',
    "&a [*a,*a]",
    "!!python/object:os.system x",
    "{{goal}}",
    "\u202e\u2028\x1b[2J",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_words_of_a_stranger_stay_one_text(tmp_path, text):
    found = ordinary(text=text, odd=text, deep={"$regex": ".*", "eq": [text]})
    ids = tuple(span.id for span in calls_of(found))
    write_pinned(tmp_path / "pinned", [pin(found, Asked(right=ids, why={}, note=text), lambda told: told)])
    (scenario,) = load_suite(tmp_path / "pinned").scenarios
    assert [turn.say for turn in scenario.user.turns] == [text]
    (milestone,) = scenario.assertions.milestones.values()
    assert milestone.call.args["odd"] == text
    assert milestone.call.args["deep"] == {"$eq": {"$regex": ".*", "eq": [text]}}
    assert scenario.id.startswith("pinned/t1-")


def test_an_id_of_a_stranger_leads_nowhere(tmp_path):
    done = run("scenario", "from-trace", written(tmp_path, ordinary(id="../../etc/x\n")), "--out", tmp_path / "pinned")
    assert done.exit_code == 0, done.output
    assert sorted(path.parent.name for path in (tmp_path / "pinned").rglob("*.*l*")) == ["cassettes", "pinned"]


def test_a_trace_that_cannot_be_read_is_told_with_its_line_and_why(tmp_path):
    deep = msgspec.json.encode(ordinary()).decode().replace('"id":"t1"', f'"id":"t1","metadata":{"[" * 300}{"]" * 300}')
    path = tmp_path / "deep.jsonl"
    path.write_text(deep + "\n")
    done = run("scenario", "from-trace", path, "--out", tmp_path / "pinned")
    assert done.exit_code == 3, done.output
    assert f"{path}:1: no Trace: nested deeper than 200 levels" in done.output
    assert not (tmp_path / "pinned").exists()


def test_a_tape_tells_how_long_a_call_took_to_the_microsecond(tmp_path):
    found = ordinary()
    spans = [msgspec.structs.replace(span, start=1_700_000_000.1, end=1_700_000_000.101) for span in found.spans]
    (take,) = tape_of(msgspec.structs.replace(found, spans=tuple(spans)), lambda told: told)
    assert (spans[0].end - spans[0].start) * 1000 != 1.0
    assert take.latency_ms == 1.0


def test_what_is_pinned_already_is_not_replaced(tmp_path):
    path = written(tmp_path, ordinary(), ordinary(id="t2"))
    assert run("scenario", "from-trace", path, "--id", "t2", "--out", tmp_path / "pinned").exit_code == 0
    done = run("scenario", "from-trace", path, "--out", tmp_path / "pinned")
    assert done.exit_code == 2
    assert "pinned already" in done.output
    assert len(list((tmp_path / "pinned").glob("*.yaml"))) == 1, "nothing was written"


def test_a_trace_too_long_for_a_scenario_leaves_the_suite_as_it_was(tmp_path, monkeypatch):
    assert run("scenario", "from-trace", written(tmp_path, ordinary()), "--out", tmp_path / "pinned").exit_code == 0
    monkeypatch.setattr("traceeval.measures.strict_yaml.MOST_BYTES", 3000)
    long = written(tmp_path, ordinary(id="t2", text="so " * 2000))
    done = run("scenario", "from-trace", long, "--out", tmp_path / "pinned")
    assert done.exit_code == 2, done.output
    assert "more than 3000 bytes" in done.output
    assert len(load_suite(tmp_path / "pinned").scenarios) == 1
    assert len(list((tmp_path / "pinned").rglob("*.*l"))) == 2


def test_people_may_name_the_tool_that_was_wrong(tmp_path):
    done = run(
        "scenario",
        "from-trace",
        written(tmp_path, ordinary()),
        "--wrong",
        "find_customer",
        "--out",
        tmp_path / "pinned",
    )
    assert done.exit_code == 0, done.output
    (scenario,) = load_suite(tmp_path / "pinned").scenarios
    assert scenario.assertions.passes == ("forbidden",)


def test_a_call_that_was_right_once_is_not_forbidden_but_its_repetition_is(tmp_path):
    again = ordinary()
    twice = msgspec.structs.replace(again, spans=(*again.spans, *_later(again)))
    suite_of(tmp_path, twice)

    def once(session):
        session.call_tool("find_customer", {"mail": _mail(session)})
        session.say("It is open.")

    def doubled(session):
        session.call_tool("find_customer", {"mail": _mail(session)})
        once(session)

    suite = load_suite(tmp_path / "pinned")
    assert trial(suite, once).outcome.result == "pass"
    assert trial(suite, doubled).outcome.result == "fail"


def _mail(session):
    return next(word.strip(",") for word in session.messages[-1].content.split() if word.startswith("<email-"))


def _later(found: Trace):
    (made,) = [span for span in found.spans if span.kind == "tool"]
    return [msgspec.structs.replace(made, id="again", seq=99)]


def suite_of(tmp_path, found):
    first, second = (span.id for span in calls_of(found))
    asked = Asked(right=(first,), wrong=(second,), why={second: "made twice"}, note="")
    write_pinned(tmp_path / "pinned", [pin(found, asked, lambda text: text)])


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (trace(user("Hello"), model("Hello."), id="t1", answer="Hello."), "no call was recorded"),
        (trace(call("find", {}, result="x"), model("x"), id="t1", answer="x", question=None), "nobody speaks"),
    ],
)
def test_what_cannot_be_a_scenario_is_said(tmp_path, found, says):
    done = run("scenario", "from-trace", written(tmp_path, found), "--out", tmp_path / "pinned")
    assert done.exit_code == 2
    assert says in done.output
    assert not (tmp_path / "pinned").exists()
