"""Policy rules of a suite: walled off as the agent is, heard as before, and never taken for silence when they break."""

import os

import pytest
from tests.replay._run import shop

from traceeval.engines import Serial
from traceeval.errors import ConfigError
from traceeval.replay.sandbox import Limits, Walls
from traceeval.run import ReplayOrder, _referee, replay
from traceeval.run._referee import Referee
from traceeval.testing import call, model, trace

HEAD = """
import os, socket, time, urllib.request
from traceeval import Breach, policy
"""
RULE = '''
@policy("shop.{id}", severity=4, source="s", text="t")
def {id}(graph):
    """It is a rule."""
    {body}
'''
CANCELS = "yield from (Breach(one, 'cancelled') for one in graph.calls if one.name == 'cancel_order')"


def ruled(folder, head=HEAD, **bodies):
    home = shop(folder).folder
    (home / "rules.py").write_text(head + "".join(RULE.format(id=id, body=body) for id, body in bodies.items()))
    return shop(folder, assertions={"policy": ["rules.py"], "pass": ["policy"]})


@pytest.fixture
def asked(tmp_path):
    """What rules with these bodies say of a trace in which an order is cancelled."""
    opened = []

    def ask(**bodies):
        opened.append(Referee(ruled(tmp_path, **bodies), Walls()))
        said = trace(model("hello"), call("cancel_order", {"order_id": "BL-1"}, "done"))
        return opened[-1].judge(said, ("rules.py",))

    yield ask
    for one in opened:
        one.box.close()


def test_a_breach_is_heard_with_its_rule_its_severity_and_its_words(asked):
    (found,) = asked(never=CANCELS).findings
    assert (found.rule, found.severity, found.text) == ("shop.never", 4, "shop.never: cancelled")
    assert "t" in [one.quote for one in found.evidence]


def test_the_process_of_the_rules_is_neither_ours_nor_the_one_before(asked):
    ours = os.readlink("/proc/self/ns/net")
    ruling = asked(who="yield Breach('s1', os.readlink('/proc/self/ns/net') + ' ' + ','.join(sorted(os.environ)))")
    assert ruling.sandbox in ("netns", "guard")
    if ruling.sandbox == "netns":
        assert ours not in ruling.findings[0].text
    assert "HOME" in ruling.findings[0].text
    assert "TRACEEVAL_SECRET" not in ruling.findings[0].text


def test_a_rule_gets_no_variable_of_ours(asked, monkeypatch):
    monkeypatch.setenv("TRACEEVAL_SECRET", "key")
    (found,) = asked(env="yield Breach('s1', str(os.environ.get('TRACEEVAL_SECRET')))").findings
    assert found.text == "shop.env: None"


def test_a_rule_reaches_no_network_and_says_nothing_then(asked):
    ruling = asked(net="urllib.request.urlopen('http://192.0.2.1', timeout=2)", never=CANCELS)
    assert [one.rule for one in ruling.findings] == ["shop.never"]
    assert ruling.failed[0].startswith("shop.net: ")


def test_a_rule_that_raises_is_told_and_costs_no_other_rule_its_word(asked):
    ruling = asked(bad="raise RuntimeError('x')", never=CANCELS)
    assert ruling.failed == ("shop.bad: RuntimeError: x",)
    assert len(ruling.findings) == 1


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("time.sleep(60)", "more than 0.5 s"),
        ("os._exit(3)", "ended with code 3"),
        ("os.kill(os.getpid(), 9)", "killed"),
    ],
)
def test_rules_that_hang_or_die_are_ended_and_told(asked, monkeypatch, body, why):
    monkeypatch.setattr(_referee, "LIMITS", Limits(wall_s=0.5, memory_mb=512, output_bytes=1_000_000))
    ruling = asked(bad=body)
    assert ruling.findings == ()
    assert why in ruling.failed[0]


def test_what_a_rule_leaves_behind_is_gone_with_the_next_trial(tmp_path):
    body = (
        "graph.__class__.seen = getattr(graph.__class__, 'seen', 0) + 1; yield Breach('s1', str(graph.__class__.seen))"
    )
    referee = Referee(ruled(tmp_path, count=body), Walls())
    said = trace(model("hello"))
    told = [referee.judge(said, ("rules.py",)).findings[0].text for _ in range(2)]
    referee.box.close()
    assert told == ["shop.count: 1"] * 2


def test_a_file_of_rules_that_does_not_load_is_said_before_any_trial_is_judged(tmp_path):
    with pytest.raises(ConfigError, match=r"rules\.py: NameError"):
        Referee(ruled(tmp_path, head="nonsense\n"), Walls())


def test_walls_that_cannot_be_had_are_refused_for_rules_too(tmp_path, monkeypatch):
    monkeypatch.setattr("traceeval.replay._nursery.enter_netns", lambda: "not here")
    with pytest.raises(ConfigError, match="netns cannot be had"):
        Referee(ruled(tmp_path, never=CANCELS), Walls(wanted="netns"))


def outcomes(suite, folder):
    done = replay(ReplayOrder(suite=suite, agent="reference", folder=folder, n=1, baselines=(), engine=Serial()))
    return done, done.summary.tables[0].results, done.summary.scenarios[0].why


def test_a_broken_rule_fails_a_trial_and_its_level_is_in_the_manifest(tmp_path):
    done, results, why = outcomes(ruled(tmp_path, never=CANCELS), tmp_path / "out")
    assert (results, why) == ({"fail": 1}, "policy: shop.never: cancelled")
    assert '"policy rules": "' in (done.folder / "manifest.json").read_text()
    assert '"rules":"' in (done.folder / "outcomes.jsonl").read_text()


def test_a_rule_that_raises_leaves_a_trial_unjudged_instead_of_passed(tmp_path):
    _, results, why = outcomes(ruled(tmp_path, bad="raise RuntimeError('x')"), tmp_path / "out")
    assert (results, why) == ({"not_evaluable": 1}, "policy: shop.bad: RuntimeError: x")


def test_an_agent_cannot_bend_the_rules_it_is_held_to(tmp_path):
    def bending(session):
        import traceeval.graph

        traceeval.graph.TraceGraph.calls = ()
        session.call_tool("get_order", {"order_id": "BL-1"})
        session.call_tool("cancel_order", {"order_id": "BL-1"})

    suite = ruled(tmp_path, never=CANCELS)
    order = ReplayOrder(suite=suite, agent=bending, folder=tmp_path / "out", n=1, baselines=(), engine=Serial())
    assert replay(order).summary.tables[0].results == {"fail": 1}
