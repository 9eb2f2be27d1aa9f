"""The decision to release in the audit pack: what people said is of its record, and it can be taken again from it alone."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from tests._release import POLICY, aged, policed, six
from tests.review._judged import judge, of_version
from tests.review.test_audit_pack import rewritten

from traceeval.errors import InputError, StoreFailed
from traceeval.model.release import LAYERS
from traceeval.report import audit
from traceeval.report.audit import Broken, verify
from traceeval.run import decide, measured_parts, read_packed, write_decision, write_pack
from traceeval.run._people_evidence import people_evidence

VERIFIER = Path(audit.__file__).with_name("verify.py")
AT = datetime.fromtimestamp(1_000_000.0, UTC)


@pytest.fixture
def url(tmp_path, blank):
    """SQLite alone: what differs by engine is in test_people_evidence.py."""
    (tmp_path / "review.db").write_bytes(blank)
    return f"sqlite:///{tmp_path / 'review.db'}"


@pytest.fixture
def judged(store, kit):
    return judge(store, kit)


def gathered(store):
    """Six layers made when the clock of the store stands; the people are those of the store."""
    made = {
        layer: {path: msgspec.structs.replace(one, created=AT.isoformat()) for path, one in found.items()}
        for layer, found in six().items()
    }
    return {**made, "people": {"sqlite:///r.db#q": people_evidence("sqlite:///r.db#q", store, "default", ())}}


@pytest.fixture
def decision(judged, tmp_path):
    evidence = gathered(judged)
    write_decision(tmp_path / "decision", decide(policed(), evidence, at=AT), evidence, policed().source)
    return tmp_path / "decision"


@pytest.fixture(scope="module")
def made():
    return {}


@pytest.fixture
def pack(request, tmp_path, made):
    """A pack with a decision in it; made once."""
    out = tmp_path / "pack.zip"
    if "pack" not in made:
        judged, decision = request.getfixturevalue("judged"), request.getfixturevalue("decision")
        write_pack(judged, out, measured_parts(judged), decision=decision)
        made["pack"] = out.read_bytes()
    out.write_bytes(made["pack"])
    return out


def test_two_packs_of_one_decision_are_the_same_bytes_and_verify_with_python_alone(judged, decision, tmp_path):
    pack, again = tmp_path / "pack.zip", tmp_path / "again.zip"
    for path in (pack, again):
        write_pack(judged, path, measured_parts(judged), decision=decision)
    assert again.read_bytes() == pack.read_bytes()
    told = [sys.executable, "-I", "-S", str(VERIFIER), str(pack)]
    done = subprocess.run(told, env={}, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    files = audit.unpack(pack.read_bytes())
    assert {name for name in files if name.startswith("decision/")} == {
        "decision/decision.json",
        "decision/decision.html",
        "decision/release.yaml",
        *(f"decision/evidence/{layer}-1.json" for layer in LAYERS),
    }
    assert "`decision/` is not here" not in files["limits.md"].decode()
    assert b'decision/,"the decision to release' in files["nist.csv"]


def test_the_decision_is_taken_again_from_the_pack_alone(pack):
    again = decide(*read_packed(pack), at=AT)
    recorded = json.loads(audit.unpack(pack.read_bytes())["decision/decision.json"])
    assert json.loads(msgspec.json.encode(again)) == recorded
    assert again.answer == "do not release"
    assert {one.layer for one in again.layers if one.state == "fails"} == {"people"}


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_that_is_removed_or_aged_leaves_the_pack_undecided_and_is_named(pack, layer):
    policy, found = read_packed(pack)
    removed = decide(policy, {name: one for name, one in found.items() if name != layer}, at=AT)
    old = decide(policy, {**found, layer: {path: aged(one, 400) for path, one in found[layer].items()}}, at=AT)
    for then, word in ((removed, "missing"), (old, "stale")):
        assert then.answer == "not decidable"
        assert [gap.split(": ")[:2] for gap in then.gaps] == [[layer, word]]


def test_all_of_it_is_stale_a_year_later(pack):
    later = decide(*read_packed(pack), at=AT.replace(year=AT.year + 1))
    assert later.answer == "not decidable"
    assert {gap.partition(":")[0] for gap in later.gaps} == set(LAYERS)


def test_a_decision_may_be_asked_of_another_version(pack):
    policy, found = read_packed(pack, {"release": "3"})
    assert {gap.partition(":")[0] for gap in decide(policy, found, at=AT).gaps} == {"scores", "people", "regression"}


def test_another_policy_may_be_asked_of_the_same_evidence(pack, tmp_path):
    told = {**POLICY, "version": {"release": "3"}, "layers": {"scores": POLICY["layers"]["scores"]}}
    (tmp_path / "other.yaml").write_text(json.dumps(told))
    asked, found = read_packed(pack, policy=tmp_path / "other.yaml")
    assert asked.policy.version == {**POLICY["version"], "release": "3"}
    gaps = decide(asked, found, at=AT).gaps
    assert "scores: other version: out is about release 2; decided on is release 3" in gaps
    assert sum("the policy names no evidence" in gap for gap in gaps) == 5


def forged(pack, tmp_path, **changes):
    files = audit.unpack(pack.read_bytes())
    for name, change in changes.items():
        at = name.replace("__", "/").replace("_json", ".json").replace("_yaml", ".yaml")
        made = change(files.get(at))
        files = {key: held for key, held in {**files, at: made}.items() if held is not None}
    return rewritten(files, tmp_path / "forged", tmp_path)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"decision__evidence__scores-1_json": lambda held: held.replace(b"0.9", b"0.99", 1)}, "not the evidence"),
        ({"decision__evidence__scores-1_json": lambda held: None}, "not the evidence"),
        ({"decision__release_yaml": lambda held: held + b" "}, "not the policy"),
        ({"decision__evidence__more_json": lambda held: b"{}"}, "no decision rests on it"),
        ({"decision__decision_json": lambda held: None}, "cannot be read"),
    ],
)
def test_a_pack_whose_decision_was_altered_does_not_verify(pack, tmp_path, changes, says):
    with pytest.raises(Broken, match=says):
        verify(forged(pack, tmp_path, **changes), {})


def test_what_people_said_in_another_record_is_not_packed(judged, tmp_path):
    evidence = gathered(judged)
    path, one = next(iter(evidence["people"].items()))
    evidence["people"] = {path: msgspec.structs.replace(one, head="e" * 64)}
    write_decision(tmp_path / "d", decide(policed(), evidence, at=AT), evidence, policed().source)
    with pytest.raises(StoreFailed, match="what people said there is not of this record"):
        write_pack(judged, tmp_path / "pack.zip", measured_parts(judged), decision=tmp_path / "d")


def test_work_that_goes_on_after_the_decision_leaves_it_as_it_was(judged, kit, decision, tmp_path):
    kit.fill(judged, of_version(kit, 4))
    write_pack(judged, tmp_path / "later.zip", measured_parts(judged), decision=decision)
    assert decide(*read_packed(tmp_path / "later.zip"), at=AT).answer == "do not release"


def test_a_pack_without_a_decision_says_so_and_decides_nothing(judged, tmp_path):
    write_pack(judged, tmp_path / "bare.zip", measured_parts(judged))
    assert (
        "no decision to release was named" in audit.unpack((tmp_path / "bare.zip").read_bytes())["limits.md"].decode()
    )
    with pytest.raises(InputError, match="holds no decision"):
        read_packed(tmp_path / "bare.zip")
    with pytest.raises(InputError, match="no decision there"):
        write_pack(judged, tmp_path / "bare.zip", measured_parts(judged), decision=tmp_path)


def test_a_damaged_pack_decides_nothing(pack, tmp_path):
    (tmp_path / "cut.zip").write_bytes(pack.read_bytes()[:-1])
    with pytest.raises(InputError, match="NOT intact"):
        read_packed(tmp_path / "cut.zip")
    with pytest.raises(InputError, match="No such file"):
        read_packed(tmp_path / "none.zip")
