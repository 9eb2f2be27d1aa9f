"""Evidence as it lies on disk: which kinds are read, what each says of its time and version, and what is refused."""

import msgspec
import pytest
from tests._outcomes import many
from tests._release import admitted, change, comparison, policed

import traceeval
from traceeval.errors import InputError
from traceeval.model import Moved, Reference, System
from traceeval.model.release import Layer
from traceeval.run import gather_all, read_evidence
from traceeval.run._decide import kept
from traceeval.run._evidence import gather
from traceeval.run._journal import Manifest
from traceeval.testing import model, retrieval, trace, user


def of_release(number, release):
    return trace(
        user(f"what of {number}"), retrieval("d1"), model("fact"), id=f"t{number}", question=f"what of {number}", answer="fact",
        reference=Reference(documents={"d1": 1}), system=System(app="shop", release=release),
    )  # fmt: skip


@pytest.fixture(scope="module")
def evaluated(tmp_path_factory):
    folder = tmp_path_factory.mktemp("evaluated") / "out"
    traceeval.evaluate([of_release(n, "2" if n else "1") for n in range(4)], out=folder)
    return folder


def replay(folder, **manifest):
    folder.mkdir()
    told = Manifest(
        suite="shop", version="1", files="f", scenarios={}, agent="my:agent", traceeval="1", trials=4, seeds=(1,),
        **{"agent_sha256": "a", "created": "2026-12-01T00:00:00+00:00", **manifest},
    )  # fmt: skip
    (folder / "manifest.json").write_bytes(msgspec.json.encode(told))
    rows = [{"agent": None, "outcome": one} for one in many(2, 2)] + [{"agent": "noop", "outcome": many(1, 1)[0]}]
    (folder / "outcomes.jsonl").write_bytes(b"".join(msgspec.json.encode(row) + b"\n" for row in rows))
    return folder


def test_a_folder_of_evaluate_states_every_version_in_it(evaluated):
    found = read_evidence(str(evaluated))
    assert found.states == {"app": ("shop",), "release": ("1", "2")}
    assert {one.scorer for one in found.scores} >= {"retriever.recall", "generator.grounded"}
    assert b"what of" not in kept(found)
    assert set(found.files) == {"summary.json", "traces.parquet"}


def test_a_folder_of_replay_states_its_agent_and_holds_no_baseline(tmp_path):
    found = read_evidence(str(replay(tmp_path / "r")))
    assert found.states == {"agent": ("my:agent",), "agent_sha256": ("a",)}
    assert (found.created, len(found.outcomes)) == ("2026-12-01T00:00:00+00:00", 4)
    unknown = read_evidence(str(replay(tmp_path / "s", agent_sha256=None, created="")))
    assert (unknown.states, unknown.created) == ({"agent": ("my:agent",)}, "")


def file(tmp_path, value):
    (tmp_path / "f.json").write_bytes(msgspec.json.encode(value))
    return str(tmp_path / "f.json")


def test_a_comparison_is_about_its_head(tmp_path):
    moved = Moved(unit="what jane asked", base=1, head=0, base_trace="a", head_trace="b")
    worse = msgspec.structs.replace(change("tokens", 9.0, 8.0, 10.0), worst=(moved,))
    made = comparison(worse, only_head=("what joe asked",), changed=("s", "t"))
    head = msgspec.structs.replace(made.head, systems=("system.release=2",))
    found = read_evidence(file(tmp_path, msgspec.structs.replace(made, head=head)))
    assert (found.states, found.created) == ({"release": ("2",)}, head.created)
    assert ([one.metric for one in found.asked], found.units, found.left_out) == (["right", "tokens"], 30, 3)
    assert b"asked" not in kept(found).replace(b'"asked":', b"")


def test_an_admission_is_about_its_judge(tmp_path):
    found = read_evidence(file(tmp_path, admitted().admission))
    assert found.states == {"judge": ("j",), "judge_prompt": ("p",), "rubric": ("r",)}


def test_a_benchmark_states_its_own(tmp_path):
    result = {
        "schema_version": "traceeval.benchmark/1", "benchmark": "b", "created": "2026-12-01T00:00:00Z", "n": 9, "scored": 9,
        "system": {"release": "2"}, "figures": {"accuracy": {"value": 0.9, "low": 0.8, "high": 0.95}},
    }  # fmt: skip
    assert read_evidence(file(tmp_path, result)).states == {"release": ("2",)}
    with pytest.raises(InputError, match="scored 10 of n 9"):
        read_evidence(file(tmp_path, {**result, "scored": 10}))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"{", "cannot be read"),
        (b"[]", "cannot be read"),
        (b"\xff", "cannot be read"),
        (b"[" * 100_000, "cannot be read"),
        (b"{}", "its schema_version is None; a release rests on traceeval.comparison/1"),
        (b'{"schema_version": ["x"]}', r"its schema_version is \['x'\]"),
        (b'{"schema_version": "traceeval.comparison/1"}', "missing required field"),
    ],
)
def test_what_is_no_evidence_is_refused_in_words(tmp_path, content, says):
    (tmp_path / "f.json").write_bytes(content)
    with pytest.raises(InputError, match=says):
        read_evidence(str(tmp_path / "f.json"))


def test_what_is_not_there_is_a_gap_and_no_error(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "out").mkdir()
    (tmp_path / "r.db").write_bytes(b"no database at all, but long enough to be looked at" * 20)
    found = gather_all(policed().policy)
    told = {layer: next(iter(paths.values())) for layer, paths in found.items()}
    assert told["judge"] == "missing: admission.json: nothing is there"
    assert "neither `traceeval evaluate` nor `traceeval replay` finished there" in told["scores"]
    assert told["people"].startswith("missing: ")


def test_a_damaged_folder_is_a_gap(tmp_path, evaluated):
    import shutil

    for name, says in (("traces.parquet", "run `traceeval evaluate` again"), ("summary.json", "cannot be read")):
        copy = tmp_path / name
        shutil.copytree(evaluated, copy)
        (copy / name).write_bytes(b"PAR1 broken")
        told = gather("scores", Layer(evidence=str(copy), max_age_days=1))
        assert says in told[str(copy)]


def test_evidence_of_another_kind_is_a_gap(evaluated):
    path = str(evaluated)
    told = gather("people", Layer(evidence=path, max_age_days=1))
    assert told[path] == f"missing: {path} holds evidence of the kind evaluation; this layer rests on people"
