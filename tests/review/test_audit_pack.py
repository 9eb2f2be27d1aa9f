"""The audit pack: the same bytes twice, nobody by name, verified with Python alone, and every change found."""

import csv
import io
import json
import random
import re
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from traceeval.errors import Refused, StoreFailed
from traceeval.report import audit
from traceeval.report.audit import Broken, _table, verify
from traceeval.report.audit._zip import zip_folder
from traceeval.review import checkpoint, claim, erase, provisional, submit
from traceeval.review._rows import Settings
from traceeval.review.settings import create_queue
from traceeval.run import measured_parts, write_pack

VERIFIER = Path(audit.__file__).with_name("verify.py")
WHY = {"reasons": {"groundedness": "no source at all", "harm_done": "it sent the money"}, "evidence": ("s1",)}
NASTY = "=cmd|' /C calc'!A0 \u202e\x1b[2J and the reason"


@pytest.fixture(scope="module")
def made():
    return {}


@pytest.fixture
def pack(store, kit, tmp_path, made):
    """A pack of a queue with a dispute that a third person settled; made once an engine."""
    out = tmp_path / "pack.zip"
    if store.is_sqlite not in made:
        review(store, kit)
        checkpoint(store)
        write_pack(store, out, measured_parts(store))
        made[store.is_sqlite] = out.read_bytes()
    out.write_bytes(made[store.is_sqlite])
    return out


def review(store, kit):
    create_queue(store, "default", "lead", settings=Settings(overlap=0.0, seed="quiet", watch=False))
    kit.fill(store, kit.unit(1), kit.unit(2, k=1), kit.unit(3, k=1), kit.unit(9, pi=0.1, u=0.5, payload=None))
    kit.give(store, "ana-lovelace")
    kit.give(store, "ben-bernanke", 1, 5, 5, 5, 5, rationale=NASTY, flags=("harm_done",), **WHY)
    lease = claim(store, "default", "cy-young")
    provisional(store, lease.slot, "cy-young", lease.fence, kit.said())
    submit(store, lease.slot, "cy-young", lease.fence, kit.said(cause="ambiguous"), "k")
    kit.give(store, "ana-lovelace", key="one")


def contents(path):
    return audit.unpack(path.read_bytes())


def table(files, name):
    return list(csv.DictReader(io.StringIO(files[name].decode(), newline="")))


def rewritten(files, folder, tmp_path):
    """What a forger hands over: other contents, with a manifest and a zip that fit them."""
    folder.mkdir()
    manifest = json.loads(files["manifest.json"])
    manifest["files"] = {
        name: {"sha256": sha256(data).hexdigest(), "size": len(data)}
        for name, data in files.items()
        if name != "manifest.json"
    }
    for name, data in {**files, "manifest.json": json.dumps(manifest).encode()}.items():
        (folder / name).parent.mkdir(exist_ok=True, parents=True)
        (folder / name).write_bytes(data)
    zip_folder(folder, tmp_path / "forged.zip")
    return (tmp_path / "forged.zip").read_bytes()


def test_two_runs_make_the_same_bytes(store, kit, tmp_path):
    review(store, kit)
    first = write_pack(store, tmp_path / "a.zip", measured_parts(store))
    second = write_pack(store, tmp_path / "b.zip", measured_parts(store))
    assert first == second == sha256((tmp_path / "b.zip").read_bytes()).hexdigest()
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    assert [path.name for path in tmp_path.glob("*.tmp")] == []


def run(*arguments):
    return subprocess.run([sys.executable, "-I", "-S", *map(str, arguments)], env={}, capture_output=True, text=True)


def test_it_verifies_on_a_machine_with_only_python(pack, tmp_path):
    alone = tmp_path / "elsewhere" / "verify.py"
    alone.parent.mkdir()
    alone.write_bytes(VERIFIER.read_bytes())
    done = run(alone, pack)
    assert (done.returncode, done.stderr) == (0, "")
    assert "consistent, not proven complete" in done.stdout
    points = tmp_path / "points"
    points.write_bytes(contents(pack)["checkpoints.jsonl"])
    assert "complete up to the checkpoint" in run(alone, pack, "--checkpoint", points).stdout
    assert contents(pack)["verify.py"] == VERIFIER.read_bytes()


def test_it_opens_with_any_zip_program(pack):
    import zipfile

    with zipfile.ZipFile(pack) as opened:
        assert opened.testzip() is None
        assert opened.read("limits.md") == contents(pack)["limits.md"]


def test_one_flipped_byte_is_found_a_thousand_times_of_a_thousand(pack):
    whole, rng = pack.read_bytes(), random.Random(39)
    directory = whole.index(b"PK\1\2")
    places = [rng.randrange(len(whole)) for _ in range(700)]
    places += [rng.randrange(directory, len(whole)) for _ in range(200)]
    places += [rng.randrange(30 + len("access.jsonl")) for _ in range(100)]
    for at in places:
        flipped = bytearray(whole)
        flipped[at] ^= rng.randrange(1, 256)
        with pytest.raises(Broken):
            verify(bytes(flipped), {})


@pytest.mark.parametrize(
    "change", [lambda data: data[:-1], lambda data: data + b"\0", lambda data: b"", lambda data: data * 2]
)
def test_a_cut_or_longer_file_is_found(pack, change):
    with pytest.raises(Broken):
        verify(change(pack.read_bytes()), {})


def edited(name, old, new):
    def change(files):
        assert old in files[name]
        return {**files, name: files[name].replace(old, new, 1)}

    return change


def without_line(name, at):
    def change(files):
        lines = files[name].splitlines(keepends=True)
        del lines[at]
        return {**files, name: b"".join(lines)}

    return change


def without(name, text):
    def change(files):
        kept = [line for line in files[name].splitlines(keepends=True) if text.encode() not in line]
        assert len(kept) < len(files[name].splitlines())
        return {**files, name: b"".join(kept)}

    return change


def added(name, row):
    return lambda files: {**files, name: files[name] + json.dumps(row).encode() + b"\n"}


def first(data):
    return data.splitlines(keepends=True)[0]


def bare(files):
    """Tables of headings alone, and a manifest that watches nothing."""
    manifest = json.dumps({**json.loads(files["manifest.json"]), "watched": []}).encode()
    return {**files, **{name: first(files[name]) for name in audit.COLUMNS}, "manifest.json": manifest}


FIRST_MARKS = {"verdicts.csv": ("mark.accuracy",), "decisions.csv": ("mark.accuracy",), "selection.csv": ()}
FORGERIES = {
    "a mark in the record": edited("records.jsonl", b'"groundedness":1', b'"groundedness":5'),
    "a mark in the table": edited("verdicts.csv", b",5,1,5,5,5\n", b",5,5,5,5,5\n"),
    "a rationale": edited("words.jsonl", b"no source at all", b"fine, all of it "),
    "a rationale in the table": edited("verdicts.csv", b"and the reason", b"and the season"),
    "a probability": edited("selection.csv", b",0.1,", b",0.9,"),
    "a decision": edited("decisions.csv", b"ambiguous", b"edge_case"),
    "an event": edited("ledger.jsonl", b"reviewer:2", b"reviewer:1"),
    "a verdict left out": without("records.jsonl", '"verdict:4"'),
    "a decision left out": without("records.jsonl", '"decision:1"'),
    "what its queue is left out": without("records.jsonl", '"queue:'),
    "every record left out": lambda files: {**bare(files), "records.jsonl": b"", "words.jsonl": b""},
    "a record without an event": added("records.jsonl", {"object": "verdict:99", "row": {"id": 99}}),
    "a record of a kind nobody knows": added("records.jsonl", {"object": "novel:1", "row": {}}),
    "a record twice": lambda files: {**files, "records.jsonl": files["records.jsonl"] + first(files["records.jsonl"])},
    "words that nobody wrote": added("words.jsonl", {"owner": "x", "salt": "", "body": {}}),
    "a reveal that was not": added("access.jsonl", {"action": "reveal"}),
    "why a slot is there": edited("records.jsonl", b'"opened":"draw"', b'"opened":"void"'),
    "a rubric": edited("rubrics/starter-core-v1-en.json", b"merely true", b"merely new"),
    "no rubric": lambda files: {name: data for name, data in files.items() if not name.startswith("rubrics/")},
    "a column by another name": edited("verdicts.csv", b"mark.groundedness", b"groundedness"),
    "a column twice": edited("verdicts.csv", b",queue,", b",uuid,"),
    "an unknown column": edited("verdicts.csv", b",queue,", b",queue2,"),
    "ids alone": lambda files: {**files, "verdicts.csv": b"id\n1\n2\n3\n4\n"},
    "a cell too many": edited("verdicts.csv", b",5,1,5,5,5\n", b",5,1,5,5,5,5\n"),
    "a file nobody knows": lambda files: {**files, "zz_evil.md": b"extra"},
    "a folder nobody knows": lambda files: {**files, "more/x.json": b"{}"},
    "no file that is worked out": lambda files: {name: data for name, data in files.items() if name != "safety.csv"},
    "another format": edited("manifest.json", b"audit-pack@2", b"audit-pack@3"),
    "a row left out": without_line("verdicts.csv", 2),
    "an event left out": without_line("ledger.jsonl", 5),
    "the first event left out": without_line("ledger.jsonl", 0),
    "the last event left out": without_line("ledger.jsonl", -1),
    "words left out": without_line("words.jsonl", 0),
    "a unit left out": without_line("records.jsonl", -1),
    "a checkpoint": edited("checkpoints.jsonl", b'"hash":"', b'"hash":"0'),
    "no table": lambda files: {name: data for name, data in files.items() if name != "decisions.csv"},
    "garbage": lambda files: {**files, "ledger.jsonl": b"[[[["},
}


@pytest.mark.parametrize("what", FORGERIES)
def test_a_change_is_found_even_when_manifest_and_zip_are_made_anew(pack, tmp_path, what):
    forged = rewritten(FORGERIES[what](contents(pack)), tmp_path / "f", tmp_path)
    with pytest.raises(Broken):
        verify(forged, {})


@pytest.mark.parametrize(
    ("name", "column"),
    [(name, column) for name, columns in audit.COLUMNS.items() for column in (*columns, *FIRST_MARKS[name])],
)
def test_a_cell_of_any_column_is_held_to_the_record(pack, tmp_path, name, column):
    files = contents(pack)
    heading, row, *rest = csv.reader(io.StringIO(files[name].decode(), newline=""))
    row[heading.index(column)] = "FORGED"
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([heading, row, *rest])
    forged = rewritten({**files, name: out.getvalue().encode()}, tmp_path / "f", tmp_path)
    with pytest.raises(Broken, match=name):
        verify(forged, {})


def test_a_column_that_no_event_covers_is_named(pack):
    """Why a unit that nobody claimed would have been chosen; everything else is covered."""
    assert verify(pack.read_bytes(), {})["open"] == {"selection.csv reasons": 2}
    assert "not covered by any event: selection.csv reasons in 2 rows" in run(VERIFIER, pack).stdout


def test_a_pack_of_another_format_is_refused_by_name(pack, tmp_path):
    forged = rewritten(FORGERIES["another format"](contents(pack)), tmp_path / "f", tmp_path)
    with pytest.raises(Broken, match=r"audit-pack@3'; this verifies traceeval.audit-pack@2 alone"):
        verify(forged, {})


WORKED_OUT = ("estimates.json", "agreement.json", "safety.csv", "roles.csv", "protocol.md", "training/gold.csv")


@pytest.mark.parametrize("name", WORKED_OUT)
def test_a_file_that_is_worked_out_is_held_to_the_digest_that_was_printed(pack, tmp_path, name):
    digest = sha256(pack.read_bytes()).hexdigest()
    files = contents(pack)
    rewritten({**files, name: files[name] + b"FORGED\n"}, tmp_path / "f", tmp_path)
    forged = tmp_path / "forged.zip"
    alone = run(VERIFIER, forged)
    assert alone.returncode == 0
    assert name in alone.stdout.partition("only as good as the hand they came from")[2]
    held = run(VERIFIER, forged, "--sha256", digest)
    assert (held.returncode, "made anew with other contents" in held.stderr) == (1, True)
    whole = run(VERIFIER, pack, "--sha256", digest)
    assert (whole.returncode, "the pack that was asked for" in whole.stdout) == (0, True)


def test_two_checkpoints_that_contradict_each_other_are_refused_with_their_lines(pack, tmp_path):
    last = json.loads(contents(pack)["checkpoints.jsonl"].splitlines()[-1])
    points = tmp_path / "points"
    points.write_text(json.dumps({**last, "hash": "d" * 64}) + "\n" + json.dumps(last) + "\n")
    done = run(VERIFIER, pack, "--checkpoint", points)
    assert (done.returncode, "lines 1 and 2 contradict each other" in done.stderr) == (2, True)


def test_the_forger_of_these_tests_can_forge(pack, tmp_path):
    forged = rewritten({**contents(pack), "limits.md": b"nothing to see\n"}, tmp_path / "f", tmp_path)
    verify(forged, {})


def test_a_file_that_no_manifest_names_is_found(pack, tmp_path):
    files = contents(pack)
    for name, data in {**files, "extra.txt": b"x"}.items():
        (tmp_path / "f" / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / "f" / name).write_bytes(data)
    zip_folder(tmp_path / "f", tmp_path / "forged.zip")
    with pytest.raises(Broken, match=r"extra.txt: not in the manifest"):
        verify((tmp_path / "forged.zip").read_bytes(), {})


def test_a_tail_cut_off_with_its_rows_shows_against_a_checkpoint(pack, tmp_path):
    """The last three events go, with the rows they speak of; everything inside fits again."""
    files = contents(pack)
    kept = files["ledger.jsonl"].splitlines(keepends=True)
    gone = [json.loads(json.loads(line)["body"])["object"] for line in kept[-2:]]
    assert gone == ["verdict:4", "decision:2"]
    files["ledger.jsonl"] = b"".join(kept[:-2])
    files["checkpoints.jsonl"] = b""
    uuid = table(files, "verdicts.csv")[-1]["uuid"]
    files = without("words.jsonl", uuid)(files)
    files["records.jsonl"] = b"".join(
        line for line in files["records.jsonl"].splitlines(keepends=True) if json.loads(line)["object"] not in gone
    )
    for name in ("verdicts.csv", "decisions.csv"):
        rows = list(csv.reader(io.StringIO(files[name].decode(), newline="")))
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows(rows[:-1])
        files[name] = out.getvalue().encode()
    last = json.loads(kept[-3])
    manifest = {**json.loads(files["manifest.json"]), "events": last["seq"], "head": last["hash"]}
    files["manifest.json"] = json.dumps(manifest).encode()
    forged = rewritten(files, tmp_path / "f", tmp_path)
    verify(forged, {})
    whole = json.loads(kept[-1])
    with pytest.raises(Broken, match="its tail was cut off"):
        verify(forged, {whole["seq"]: whole["hash"]})
    with pytest.raises(Broken, match="computed anew"):
        verify(forged, {last["seq"]: "f" * 64})


def test_nobody_is_named_in_any_file(pack):
    for name, data in contents(pack).items():
        for handle in (b"lovelace", b"bernanke", b"cy-young"):
            assert handle not in data, name


def test_a_cell_neither_runs_in_a_spreadsheet_nor_hides(pack):
    row = table(contents(pack), "verdicts.csv")[1]
    assert row["rationale"] == "'=cmd|' /C calc'!A0 ⟦U+202E⟧⟦U+001B⟧[2J and the reason"
    assert (row["mark.groundedness"], row["flags"]) == ("1", '["harm_done"]')


@pytest.mark.parametrize(
    "value", ["=1", "+1", "-1", "@x", "\tx", "\rx", "\n=1", "'=1", "⟦U+0041⟧", "a\r\nb", "", "\ud800", "\x00"]
)
def test_what_guards_a_cell_is_undone_by_the_verifier(value):
    assert audit.plain(audit.cell(value)) == audit.plain(value)
    assert not audit.cell(value).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_a_cell_that_acts_runs_or_hides_is_spelled_out():
    assert audit.cell("=1\u202e\x1b[2J") == "'=1⟦U+202E⟧⟦U+001B⟧[2J"


@pytest.mark.parametrize(("name", "broken"), [("visible", lambda text: text), ("GUARDED", ("~",))])
def test_a_table_that_lets_a_cell_act_is_found(monkeypatch, name, broken):
    monkeypatch.setattr(_table, name, broken)
    with pytest.raises(AssertionError):
        test_a_cell_that_acts_runs_or_hides_is_spelled_out()


def test_numbers_stay_numbers():
    assert [audit.cell(value) for value in (-1.5, 3, True, None, [1], {"a": "=x"})] == [
        "-1.5", "3", "true", "", "[1]", '{"a":"=x"}',
    ]  # fmt: skip


def test_every_unit_of_the_frame_is_there_with_its_probability(pack):
    rows = table(contents(pack), "selection.csv")
    assert [(row["drawn"], float(row["pi"])) for row in rows] == [("true", 1.0)] * 3 + [("false", 0.1)]
    assert rows[0]["reasons"] == '[["defects","SECRET-REASON"]]'


def test_what_was_not_measured_is_said(pack):
    said = contents(pack)["limits.md"].decode()
    assert "`benchmarks/` is not here" in said
    assert "1 of 3 items have no final decision" in said
    assert "1 decisions rest on one person's word" in said


def test_evidence_is_offered_and_compliance_never_claimed(pack):
    rows = table(contents(pack), "nist.csv")
    assert {row["status"] for row in rows} == {"evidence offered", "not in this pack, see limits.md"}
    assert {"GOVERN 1.4", "MEASURE 2.8", "MANAGE 4.3"} <= {row["subcategory"] for row in rows}
    assert not any(b"compliant" in data for name, data in contents(pack).items() if not name.endswith(".py"))


def test_results_may_be_handed_over_with_it(store, kit, tmp_path):
    review(store, kit)
    results = tmp_path / "quality; rm -rf.json"
    results.write_text("{}")
    write_pack(store, tmp_path / "a.zip", {"agreement.json": {"alpha": 0.5}}, (results,))
    files = contents(tmp_path / "a.zip")
    assert json.loads(files["agreement.json"]) == {"alpha": 0.5}
    assert next(name for name in files if name.startswith("benchmarks/")).startswith("benchmarks/quality__rm_-rf-")


def test_erased_words_are_gone_and_the_pack_still_verifies(store, kit, tmp_path):
    review(store, kit)
    with store.read() as connection:
        from sqlalchemy import text

        uuid = connection.execute(text("SELECT uuid FROM verdict WHERE id = 2")).scalar_one()
    assert not erase(store, f"words:{uuid}", "lead", "asked by the person")
    assert erase(store, f"words:{uuid}", "admin", "asked by the person")
    write_pack(store, tmp_path / "a.zip", {})
    files = contents(tmp_path / "a.zip")
    assert b"calc" not in b"".join(files.values())
    assert len(files["access.jsonl"].splitlines()) == 2
    assert "1 texts were erased" in files["limits.md"].decode()


def test_a_pack_that_does_not_verify_is_not_handed_over(store, kit, tmp_path, monkeypatch):
    from traceeval.review import export

    review(store, kit)
    monkeypatch.setattr(export, "words", lambda connection: iter(()))
    with pytest.raises(StoreFailed, match="does not verify"):
        write_pack(store, tmp_path / "a.zip", {})
    assert not (tmp_path / "a.zip").exists()


def test_a_record_that_names_people_is_handed_over_only_when_asked(store, kit, tmp_path, monkeypatch):
    with monkeypatch.context() as before:
        before.setattr("traceeval.review.ledger.pseudonym", lambda connection, handle: handle)
        review(store, kit)
    with pytest.raises(Refused, match="name people"):
        write_pack(store, tmp_path / "a.zip", {})
    write_pack(store, tmp_path / "a.zip", {}, names=True)
    verify((tmp_path / "a.zip").read_bytes(), {})


def test_estimates_and_agreement_are_in_it_and_a_missing_judge_is_said(pack):
    files = contents(pack)
    measured = json.loads(files["estimates.json"])["default"]
    assert (measured["size"], measured["drawn"]) == (4, 3)
    assert isinstance(json.loads(files["agreement.json"])["default"], list)
    assert "`judge_validation.json` is not here: no verdicts of a judge were named" in files["limits.md"].decode()


def test_what_adjudication_came_to_is_in_it_beside_the_agreement(pack):
    files = contents(pack)
    assert json.loads(files["adjudications.json"]) == {
        "default": {
            "decided": 1,
            "indeterminate": 0,
            "changed": {"count": 0, "of": 1},
            "first": {"count": 5, "of": 5},
            "second": {"count": 4, "of": 5},
            "causes": {"ambiguous": {"groundedness": 1}},
        }
    }
    offered = [row for row in table(files, "nist.csv") if row["artefact"] == "adjudications.json"]
    assert {row["status"] for row in offered} == {"evidence offered"}
    assert offered


def test_of_a_record_without_a_queue_no_adjudication_is_told_and_the_pack_says_so(store, tmp_path):
    write_pack(store, tmp_path / "a.zip", measured_parts(store))
    files = contents(tmp_path / "a.zip")
    assert "adjudications.json" not in files
    assert "`adjudications.json` is not here: there is no queue" in files["limits.md"].decode()


def test_the_guide_names_every_file_of_a_pack(pack):
    page = Path("docs/review.md").read_text("utf-8")
    told = set(re.findall(r"`([a-z_]+(?:\.\w+|/))`", page[page.index("## 9. Hand it over") :]))
    parts = {f"{name.partition('/')[0]}/" if "/" in name else name for name in contents(pack)}
    assert parts - told == set()


def test_a_judges_report_is_in_it_when_there_is_one(store, kit, tmp_path):
    review(store, kit)
    write_pack(store, tmp_path / "a.zip", measured_parts(store, {"judge": "j@1"}))
    assert json.loads(contents(tmp_path / "a.zip")["judge_validation.json"]) == {"judge": "j@1"}


def test_of_a_queue_that_an_earlier_version_made_unasked_the_name_is_said_to_be_uncovered(store, kit, tmp_path):
    kit.fill(store, kit.unit(1, k=1))
    kit.give(store, "ana")
    write_pack(store, tmp_path / "a.zip", {})
    assert verify((tmp_path / "a.zip").read_bytes(), {})["open"] == {
        f"{name}.csv queue": 1 for name in ("verdicts", "decisions", "selection")
    }


def test_a_name_of_a_queue_is_no_markup_in_the_protocol(store, kit, tmp_path):
    create_queue(store, "<script>alert(1)</script>`|", "lead")
    write_pack(store, tmp_path / "a.zip", {})
    page = contents(tmp_path / "a.zip")["protocol.md"].decode()
    assert "## Queue `‹script›alert(1)‹/script›′¦`" in page
    assert "<script" not in page
