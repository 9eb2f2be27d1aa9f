"""The decision to release in the audit pack: what people said is of its record, and it can be taken again from it alone."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from tests._release import aged, policed, six
from tests.review.test_audit_pack import rewritten

from traceeval.errors import InputError, NotFound, Refused, StoreFailed
from traceeval.model import System, trace_hash
from traceeval.model.release import LAYERS
from traceeval.report import audit
from traceeval.report.audit import Broken, verify
from traceeval.run import decide, measured_parts, read_evidence, read_packed, write_decision, write_pack
from traceeval.run._people_evidence import people_evidence
from traceeval.testing import model, trace, user

VERIFIER = Path(audit.__file__).with_name("verify.py")
AT = datetime.fromtimestamp(1_000_000.0, UTC)


def of_version(kit, number, release="2", **fields):
    made = trace(
        user(f"q {number}"),
        model("a"),
        id=f"t{number}",
        answer="a",
        system=release and System(app="s", release=release),
    )
    return kit.unit(number, k=1, sha256=trace_hash(made), payload=msgspec.json.encode(made), **fields)


@pytest.fixture
def judged(store, kit):
    """A queue in which one person judged three traces of version 2."""
    kit.fill(store, *(of_version(kit, number) for number in (1, 2, 3)))
    for number in (1, 2, 3):
        kit.give(store, "ana-lovelace", key=f"k{number}")
    return store


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


@pytest.fixture
def pack(judged, decision, tmp_path):
    write_pack(judged, tmp_path / "pack.zip", measured_parts(judged), decision=decision)
    return tmp_path / "pack.zip"


def test_people_are_read_with_their_frame_their_version_and_their_record(judged):
    found = people_evidence("q", judged, "default", ())
    assert (found.created, found.states) == (AT.isoformat(), {"app": ("s",), "release": ("2",)})
    assert (found.estimates.drawn, found.estimates.answered) == (3, 3)
    assert found.agreed["safety: pass"] is None
    with judged.read() as connection:
        from traceeval.review import export

        assert (found.seq, found.head) == export.head(connection)


def test_traces_of_two_versions_or_of_none_are_told(store, kit):
    kit.fill(store, of_version(kit, 1), of_version(kit, 2, "1"), of_version(kit, 3, None))
    assert people_evidence("q", store, "default", ()).states["release"] == ("(not stated)", "1", "2")


def test_slices_that_a_gate_names_are_estimated(judged):
    found = people_evidence("q", judged, "default", ("lang",))
    assert set(found.estimates.outcomes[0].slices) == {"lang=unknown"}


def test_a_queue_is_evidence_by_its_url_and_name(judged):
    found = read_evidence(f"{judged.url}#default", ("safety: pass@lang=de",))
    assert found.estimates.queue == "default"
    assert "lang=unknown" in found.estimates.outcomes[0].slices
    with pytest.raises(NotFound):
        read_evidence(f"{judged.url}#nobodys")


def test_two_packs_of_one_decision_are_the_same_bytes_and_verify_with_python_alone(judged, decision, pack, tmp_path):
    write_pack(judged, tmp_path / "again.zip", measured_parts(judged), decision=decision)
    assert (tmp_path / "again.zip").read_bytes() == pack.read_bytes()
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


def test_the_decision_is_taken_again_from_the_pack_alone(decision, pack):
    again = decide(*read_packed(pack), at=AT)
    recorded = json.loads((decision / "decision.json").read_text())
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


def test_a_queue_that_grades_documents_is_no_evidence(store):
    from traceeval.review.relevance import relevance_rubric
    from traceeval.review.settings import create_queue

    create_queue(store, "grades", "lea", mode="relevance", rubric=relevance_rubric())
    with pytest.raises(Refused, match="grades documents"):
        people_evidence("q", store, "grades", ())
