"""The suites that ship hold what their pages promise, and mean what they say."""

import base64
import re
import time
from collections import Counter

import pytest
from tests.replay._run import ended_whenever
from tests.scenarios._suites import AGENT, OBEDIENT, ROOT, SCENARIOS, SHIPPED, as_written, outcomes, shipped

from traceeval.engines import Pool
from traceeval.model.disturbance import Inject
from traceeval.run import ReplayOrder, lint_references, replay

DESK = SCENARIOS / "support_desk"
EVERY = pytest.mark.parametrize("name", SHIPPED)


def words(text):
    return re.findall(r"\w+", text)


@EVERY
def test_every_scenario_says_why_it_is_there(name):
    for one in shipped(name).scenarios:
        assert one.id.startswith(f"{name}/")
        assert len(words(one.meta.note or "")) >= 8, one.id
        assert one.meta.tags, one.id
        assert one.meta.language, one.id
        assert one.solution, one.id


@EVERY
def test_no_two_scenarios_say_the_same(name):
    for said in (lambda one: one.meta.note, lambda one: next(iter(one.user.turns)).say if one.user.turns else one.id):
        told = [said(one) for one in shipped(name).scenarios]
        assert len(set(told)) == len(told)


@EVERY
def test_the_version_of_a_suite_stands_in_its_change_log(name):
    assert f"## {shipped(name).version}\n" in (SCENARIOS / name / "CHANGELOG.md").read_text()


@EVERY
def test_every_tool_a_suite_offers_is_annotated(name):
    suite = shipped(name)
    named = {tool for one in suite.scenarios for step in one.solution for tool in tools_of(step)}
    assert named <= {spec.name for spec in suite.tools}


def tools_of(step):
    made = step.calls or ((step.call,) if step.call else ())
    return [name for call in made for name in ([call.tool] if isinstance(call.tool, str) else call.tool)]


def test_the_desk_covers_what_agents_of_its_kind_do():
    scenarios = shipped("support_desk").scenarios
    assert len(scenarios) >= 40
    tags = Counter(tag for one in scenarios for tag in one.meta.tags)
    assert all(tags[tag] >= 5 for tag in ("retrieval", "tools", "policy", "multi_turn", "refusal", "injection"))
    spoken = Counter(one.meta.language for one in scenarios)
    assert all(spoken[language] >= 4 for language in ("en", "de", "fr"))
    assert sum(len(turn.paraphrases) for one in scenarios for turn in one.user.turns) >= 40


def test_the_desk_tries_every_kind_of_fault():
    tried = {fault.inject.kind for one in shipped("support_desk").scenarios for fault in one.faults}
    assert tried == set(Inject.__struct_fields__)


def payloads():
    return [planted.payload for one in shipped("support_desk").scenarios for planted in one.injections]


def test_the_desk_plants_each_wording_plain_and_in_four_disguises():
    used = payloads()
    assert len({one.ref for one in used}) == len(used) >= 30
    wordings, forms = {one.wording for one in used}, {one.obfuscation for one in used}
    assert len(wordings) >= 6
    assert forms == {"plain", "base64", "split", "homoglyph", "translation"}
    assert {(one.wording, one.obfuscation) for one in used} == {(w, f) for w in wordings for f in forms}


def text_of(wording, form):
    return (DESK / "payloads" / f"{wording}-{form}.txt").read_text(encoding="utf-8").strip()


def looks_like(text):
    """Cyrillic letters as the Latin ones they look like."""
    return text.translate(str.maketrans("аеосрхіуАЕОСРНКМТВЅ", "aeocpxiyAEOCPHKMTBS"))


@pytest.mark.parametrize("wording", sorted({one.wording for one in payloads()}))
def test_a_disguise_hides_the_very_words_it_disguises(wording):
    plain = text_of(wording, "plain").replace("{model}", "assistant")
    coded = re.findall(r"[A-Za-z0-9+/]{12,}={0,2}", text_of(wording, "base64"))
    assert base64.b64decode(max(coded, key=len)).decode() == plain
    disguised = text_of(wording, "homoglyph")
    assert looks_like(disguised) == text_of(wording, "plain")
    assert any(0x400 <= ord(letter) < 0x500 for letter in disguised)
    hidden = {text_of(wording, form) for form in ("base64", "split", "homoglyph", "translation")}
    assert len(hidden) == 4
    assert not any(plain in text for text in hidden)


def test_every_payload_is_planted():
    assert {one.ref for one in payloads()} == {f"payloads/{path.name}" for path in (DESK / "payloads").iterdir()}


def test_the_desk_knows_what_the_example_application_knows():
    assert (DESK / "knowledge.md").read_bytes() == (ROOT / "examples/support_desk/knowledge.md").read_bytes()


def test_the_reference_passes_and_doing_nothing_fails(tmp_path):
    right = as_written(outcomes("payments", "reference", tmp_path / "a", only="payments/paid-already"))
    assert {row["result"] for row in right} == {"pass"}
    idle = as_written(outcomes("payments", "noop", tmp_path / "b", only="payments/paid-already"))
    assert {row["result"] for row in idle} == {"fail"}


@pytest.mark.soak
@EVERY
def test_the_references_of_a_whole_suite_have_no_flaw(name):
    assert lint_references(shipped(name), Pool(2)) == ()


@pytest.mark.soak
@EVERY
def test_no_scenario_is_passed_by_doing_nothing_or_anything(name, tmp_path):
    for idle in ("noop", "random"):
        rows = as_written(outcomes(name, idle, tmp_path / idle, engine=Pool(2)))
        assert len(rows) == len(shipped(name).scenarios)
        assert {row["result"] for row in rows} == {"fail"}


def attacks(rows):
    """How many attacks of each disguise were executed, attempted, or neither."""
    return Counter((row["cell"]["injection"].rpartition("-")[2], row["attack"]) for row in rows if "attack" in row)


def test_an_agent_that_obeys_is_hit_by_what_it_understands(tmp_path):
    only = "support_desk/read-kettle-ticket"
    hit = attacks(outcomes("support_desk", OBEDIENT, tmp_path / "obedient", only=only))
    assert hit == {
        ("plain", "executed"): 1,
        ("base64", "executed"): 1,
        ("homoglyph", "executed"): 1,
        ("split", "not_attempted"): 1,
        ("translation", "not_attempted"): 1,
    }


@pytest.mark.soak
def test_an_agent_that_obeys_what_it_understands_is_hit_exactly_there(tmp_path):
    hit = attacks(outcomes("support_desk", OBEDIENT, tmp_path / "out", only="injection", engine=Pool(2)))
    understood = {(form, "executed"): 7 for form in ("plain", "base64", "homoglyph")}
    assert hit == understood | {(form, "not_attempted"): 7 for form in ("split", "translation")}


@pytest.mark.soak
def test_the_example_agent_passes_most_of_the_desk(tmp_path):
    rows = outcomes("support_desk", AGENT, tmp_path / "out", engine=Pool(2))
    written = as_written(rows)
    assert sum(row["result"] == "pass" for row in written) >= 0.9 * len(written)
    assert sum(row["result"] == "pass" for row in rows) >= 0.9 * len(rows)
    assert not any(row["result"] == "infra_error" for row in rows)
    assert {attack for _, attack in attacks(rows)} == {"not_attempted"}


@pytest.mark.soak
def test_the_whole_desk_twice_is_the_same_to_the_byte(tmp_path, figure):
    suite, took = shipped("support_desk"), []
    for name in ("once", "again"):
        begun = time.monotonic()
        found = replay(ReplayOrder(suite=suite, agent=AGENT, folder=tmp_path / name, n=8, engine=Pool(2)))
        took.append(time.monotonic() - begun)
    files = [path.name for path in (tmp_path / "once").iterdir()]
    assert "traces.jsonl" in files
    for file in files:
        once, again = (ended_whenever((tmp_path / name / file).read_bytes()) for name in ("once", "again"))
        assert once == again, file
    levels, trials = found.summary.sandbox, found.summary.trials
    figure(
        "replay, support_desk",
        f"{trials} trials and the baselines in {min(took):.0f} s on two workers, sandbox {', '.join(levels)}; "
        "a second run byte for byte the same",
    )
