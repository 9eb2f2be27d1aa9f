"""A user played by a model: through the judges' client, with what it must not say noted and never mended."""

import json

import pytest
from tests.replay._run import shop, trial
from tests.replay.agents._endpoint import endpoint

from traceeval.replay.sandbox import Walls


def played(tmp_path, says, agent, status=200, **user):
    """A trial with a user whose model says these things in turn; None: it is done."""
    heard = []

    def answer(body, path):
        told = json.loads(body["messages"][1]["content"].split("\n")[1])
        heard.append(told)
        turn = sum(role == "user" for role, _ in told["conversation"])
        words = {"say": says[turn] or "", "done": says[turn] is None}
        return {"choices": [{"message": {"content": json.dumps(words)}}], "usage": None}

    with endpoint(status, answer) as url:
        fields = {"goal": "Cancel order BL-1.", "facts": {"order": "BL-1", "reason": "late"}, **user}
        suite = shop(tmp_path, user={"mode": "llm", "model": "m", "base_url": url, **fields})
        return trial(suite, agent, walls=Walls()), heard


def asks(*questions):
    def agent(session):
        for question in questions:
            if session.say(question) is None:
                return

    return agent


def test_it_speaks_until_it_is_done(tmp_path):
    found, heard = played(tmp_path, ["Cancel my order.", "BL-1.", None], asks("Which one?", "Done: it is cancelled."))
    texts = [span.body.text for span in found.trial.trace.spans if span.kind == "human"]
    assert texts == ["Cancel my order.", "BL-1."]
    assert found.trial.ended == "done"
    assert found.trial.notes == ()
    assert heard[1]["conversation"] == [["user", "Cancel my order."], ["agent", "Which one?"]]
    assert heard[0]["facts"] == {"order": "BL-1", "reason": "late"}


@pytest.mark.parametrize(
    ("says", "code"),
    [
        (["Cancel my order.", "It is number 4711.", None], "user_sim_invented"),
        (["Agent: I have cancelled it.", None, None], "user_sim_spoke_as_other"),
        (["Cancel BL-1, it is late.", None, None], "user_sim_gave_all_away"),
        (["Cancel my order.", None, None], "user_sim_ended_early"),
    ],
)
def test_what_it_must_not_say_is_noted(tmp_path, says, code):
    found, _ = played(tmp_path, says, asks("Which one?", "Done."))
    assert code in found.outcome.notes


def test_an_endpoint_that_fails_is_an_error_of_the_harness(tmp_path):
    found, _ = played(tmp_path, [], asks("Hm?"), status=400)
    assert found.outcome.result == "infra_error"
    assert "did not answer (endpoint_failed)" in found.outcome.why


def test_it_ends_after_its_last_turn(tmp_path):
    found, _ = played(tmp_path, ["Hm."] * 9, asks(*["Well?"] * 9), most_turns=3)
    assert sum(span.kind == "human" for span in found.trial.trace.spans) == 3
