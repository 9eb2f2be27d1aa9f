"""release.yaml read strictly, and a decision as a folder: what is written, what is replaced, what is refused."""

import json
from hashlib import sha256

import pytest
from tests._release import NOW, POLICY, policed, six

from traceeval.errors import ConfigError, OutputExists
from traceeval.run import _decision_folder, decide, load_release_policy, write_decision
from traceeval.run._exchange import exchange

LINES = """\
apiVersion: traceeval/release.v1
version: {release: "2"}
layers:
  scores:
    evidence: out
    max_age_days: 30
    gate: {fail_under: {right: 0.9}}
"""


def read(tmp_path, text, **version):
    (tmp_path / "release.yaml").write_text(text)
    return load_release_policy(tmp_path / "release.yaml", version)


def test_a_policy_is_read_with_what_is_named_beside_it(tmp_path):
    found = read(tmp_path, LINES, agent_sha256="a")
    assert found.policy.version == {"release": "2", "agent_sha256": "a"}
    assert found.policy.layers.scores.paths == ("out",)
    assert found.source == LINES.encode()


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("scores:", "scors:", "release.yaml:4: layers.scors: Object contains unknown field"),
        ("gate:", "gates:", "release.yaml:7: layers.scores.gates: Object contains unknown field"),
        ('"2"', "1.2", "release.yaml:2: version.release: Expected `str`, got `float`"),
        ("max_age_days: 30", "max_age_days: 0", "release.yaml:4: layers.scores: max_age_days: say after how many days"),
        ("    max_age_days: 30\n", "", "max_age_days: say after how many days its evidence is too old"),
        ("evidence: out", "evidence: []", "no evidence: name at least one path"),
        (
            "evidence: out",
            "evidence: postgresql+psycopg://ana:secret@db/review#q",
            "a password in it would be handed over",
        ),
        ("evidence: out", "evidence: [out, '']", "no evidence: name at least one path"),
        (
            "    gate: {fail_under: {right: 0.9}}\n",
            "",
            "scores has no gate: evidence that nothing is asked of decides nothing",
        ),
        ("{fail_under: {right: 0.9}}", "{}", "release.yaml:7: layers.scores.gate: an empty gate"),
        ("{fail_under: {right: 0.9}}", "{no_worse: {right: -1}}", "a margin is 0 or more"),
        ("{fail_under: {right: 0.9}}", "{attack_success: {upper_bound: 20}}", "a share lies between 0 and 1"),
        ("max_age_days: 30", "max_age_days: 30\n    min_coverage: 2", "a share lies between 0 and 1"),
        ("evidence: out", "waived: no time\n    evidence: out", "waived, and evidence asked for too"),
        ("release.v1", "release.v2", "release.yaml:1: apiVersion: Invalid enum value"),
        ("layers:", "layers: {}\nx:", "release.yaml:4: x: Object contains unknown field"),
        ("version:", "version: {}\nversion:", "release.yaml:3: the key 'version' stands twice"),
    ],
)
def test_what_is_written_wrong_is_refused_with_its_line(tmp_path, old, new, says):
    assert old in LINES
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, LINES.replace(old, new, 1))
    assert says in str(caught.value)


def test_a_policy_that_waives_everything_is_none(tmp_path):
    with pytest.raises(ConfigError, match="every layer is waived"):
        read(tmp_path, "apiVersion: traceeval/release.v1\nlayers: {scores: {waived: no time}}\n")


def written(folder, at=NOW):
    made = decide(policed(), six(), at=at)
    write_decision(folder, made, six(), policed().source)
    return made


def test_the_folder_holds_the_decision_its_page_its_policy_and_its_evidence(tmp_path):
    made = written(tmp_path / "decision")
    found = json.loads((tmp_path / "decision" / "decision.json").read_text())
    assert found["answer"] == made.answer == "release"
    assert found["policy_sha256"] == sha256((tmp_path / "decision" / "release.yaml").read_bytes()).hexdigest()
    for layer in found["layers"]:
        for row in layer["evidence"]:
            assert sha256((tmp_path / "decision" / row["file"]).read_bytes()).hexdigest() == row["sha256"]
    assert [path.name for path in tmp_path.iterdir()] == ["decision"]


def test_a_decision_replaces_an_older_one_and_nothing_else(tmp_path):
    written(tmp_path / "decision")
    written(tmp_path / "decision", NOW.replace(day=2))
    assert json.loads((tmp_path / "decision" / "decision.json").read_text())["at"].startswith("2026-12-02")
    (tmp_path / "decision" / "notes.txt").write_text("mine")
    with pytest.raises(OutputExists, match=r"notes\.txt"):
        written(tmp_path / "decision")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "release.yaml").write_text("mine")
    with pytest.raises(OutputExists, match="holds no decision"):
        written(tmp_path / "other")
    (tmp_path / "file").write_text("mine")
    with pytest.raises(OutputExists, match="file"):
        written(tmp_path / "file")


def decided_for(folder):
    return json.loads((folder / "decision.json").read_text())["at"][:10]


def test_a_crash_leaves_the_old_decision_or_the_new_one(tmp_path, monkeypatch):
    folder, seen = tmp_path / "decision", []
    written(folder)
    monkeypatch.setattr(
        _decision_folder.shutil, "rmtree", lambda path, **told: seen.append((path, decided_for(folder)))
    )
    written(folder, NOW.replace(day=2))
    ((left, day),) = seen  # of all that happens to the folder only one exchange came before
    assert (left != folder, day, decided_for(left)) == (True, "2026-12-02", "2026-12-01")
    monkeypatch.setattr(_decision_folder, "exchange", lambda *both: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        written(folder, NOW.replace(day=3))
    assert decided_for(folder) == "2026-12-02"


def test_folders_change_places_or_it_is_said_why_not(tmp_path):
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    exchange(tmp_path / "one", tmp_path / "other")
    assert [path.name for name in ("one", "other") for path in (tmp_path / name).iterdir()] == ["other", "one"]
    with pytest.raises(OutputExists, match=r"none cannot be replaced in one step here \(No such file"):
        exchange(tmp_path / "one", tmp_path / "none")


def test_the_schema_of_a_policy_takes_what_is_read_and_refuses_what_is_not():
    from jsonschema import Draft202012Validator

    from traceeval.cli.schema import schema_of

    schema = Draft202012Validator(schema_of("release"))
    assert list(schema.iter_errors(POLICY)) == []
    assert list(schema.iter_errors({**POLICY, "layers": {"scors": {}}})) != []
    decision = Draft202012Validator(schema_of("decision"))
    import msgspec

    assert list(decision.iter_errors(json.loads(msgspec.json.encode(decide(policed(), six(), at=NOW))))) == []
