#!/usr/bin/env python3
"""Verifies an audit pack of traceeval with nothing but Python 3.9 or later: ``python3 -I -S verify.py pack.zip``.

It checks that the file is, byte for byte, the one its contents make; that every digest of the manifest holds; that the
chain of events is whole; that every record is the one its event speaks of, both ways; that the words people wrote match
their salted digests; that the tables show what the records say; and that a decision to release rests on the evidence
that stands beside it. With ``--checkpoint FILE`` it also proves that nothing was cut off or computed anew since that
checkpoint was let out of the database, and with ``--sha256 DIGEST``, which ``traceeval audit pack`` printed, that this is
the very pack that was made: files that are worked out from the record rest on that alone.

Nothing of what must be there is taken from the pack: it stands here.

Take this file from a release of traceeval that you trust, not from the pack: whoever alters a pack can alter its
verifier. The copy in the pack is there to be read.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import re
import struct
import sys
import zlib
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

GENESIS = "0" * 64
FORMAT = "traceeval.audit-pack@2"
DECISION = "decision/"
COLUMNS = {
    "verdicts.csv": (
        "id", "uuid", "queue", "item_id", "slot_id", "subject_sha256", "trace", "reviewer", "kind", "round", "opened",
        "voided", "at", "late", "active_ms", "rubric_sha256", "payload_sha256", "redaction_version", "presentation",
        "flags", "preference", "unsure", "escalate", "evidence", "blame", "confidence", "cause", "indeterminate",
        "rationale", "reasons",
    ),
    "decisions.csv": (
        "id", "queue", "item_id", "subject_sha256", "trace", "round", "method", "outcome", "flags", "preference",
        "cause", "unreplicated", "verdicts", "provisional", "supersedes", "at", "rationale", "reasons",
    ),
    "selection.csv": (
        "id", "queue", "selection_run_id", "subject_sha256", "trace", "stratum", "pi", "u", "level", "floor",
        "judge_score", "signals", "drawn", "reasons",
    ),
}  # fmt: skip
TABLES = {"verdicts.csv": "verdict", "decisions.csv": "decision", "selection.csv": "selection_unit"}
TRAINING = ("qualifications", "calibration_rounds", "gold", "rubric_proposals")
RECORD = (
    "ledger.jsonl", "records.jsonl", "words.jsonl", "checkpoints.jsonl", "access.jsonl", "manifest.json", *TABLES
)  # fmt: skip
WORKED_OUT = (
    "protocol.md", "limits.md", "nist.csv", "roles.csv", "lineage.csv", "safety.csv", "contamination.json",
    "regression_history.csv", "verify.py", *(f"training/{name}.csv" for name in TRAINING),
)  # fmt: skip
MAY_BE = ("agreement.json", "adjudications.json", "estimates.json", "judge_validation.json")
FOLDERS = ("rubrics/", "benchmarks/", DECISION)
WHOLE = (
    "verdict", "decision", "slot_step", "lead_action", "calibration_note", "qualification", "selection_run",
    "selection_batch", "gold", "rubric_proposal", "regression_pin", "calibration_round", "queue", "rubric", "project",
    "alarm",
)  # fmt: skip
LATER = (
    "read", "claim", "retire", "accepted", "rejected", "reveal_round", "freeze", "adopt", "clear", "abilities", "disable"
)  # fmt: skip
_LOCAL, _CENTRAL, _END = b"PK\3\4", b"PK\1\2", b"PK\5\6"
_EPOCH = 33  # 1 January 1980, the first date a zip can hold
_SPELLED = re.compile(r"⟦U\+([0-9A-F]{4,6})⟧")
GUARDED = tuple("=+-@\t\r\n")
csv.field_size_limit(2**31 - 1)


class Broken(ValueError):
    """The pack does not verify; the message says what does not hold."""


def local_header(name: bytes, crc: int, size: int) -> bytes:
    """What stands before a file's bytes."""
    return struct.pack("<4s5H3L2H", _LOCAL, 20, 0, 0, 0, _EPOCH, crc, size, size, len(name), 0) + name


def directory(entries: list[tuple[bytes, int, int]]) -> bytes:
    """The list of files at the end: (name, CRC-32, size) each, in the order they stand."""
    out, offset = b"", 0
    for name, crc, size in entries:
        made = (0x0314, 20, 0, 0, 0, _EPOCH, crc, size, size, len(name), 0, 0, 0, 0, 0o100644 << 16, offset)
        out += struct.pack("<4s6H3L5H2L", _CENTRAL, *made) + name
        offset += 30 + len(name) + size
    return out + struct.pack("<4s4H2LH", _END, 0, 0, len(entries), len(entries), len(out), offset, 0)


def unpack(data: bytes) -> dict[str, bytes]:
    """The files of a pack, which must be exactly the bytes that its contents make: stored, sorted, undated.

    Raises:
        Broken: it is not.
    """
    files, entries, parts, at = {}, [], [], 0
    try:
        while data[at : at + 4] == _LOCAL:
            size, length = struct.unpack_from("<LH", data, at + 22)
            start = at + 30 + length
            name, content = data[at + 30 : start], data[start : start + size]
            entries.append((name, zlib.crc32(content), len(content)))
            parts += [local_header(*entries[-1]), content]
            files[name.decode("ascii")] = content
            at = start + size
    except (struct.error, UnicodeDecodeError) as error:
        raise Broken(f"the zip is damaged at byte {at}: {error}") from error
    if b"".join([*parts, directory(entries)]) != data or [name for name, *_ in entries] != sorted(
        n.encode() for n in files
    ):
        raise Broken("the zip is not byte for byte what its contents make: it was changed or packed anew")
    return files


def canonical(value: Any) -> str:
    """JSON with sorted keys and no spaces: what digests are taken of."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(value: Any) -> str:
    """SHA-256 of the canonical JSON."""
    return sha256(canonical(value).encode("utf-8", "surrogatepass")).hexdigest()


def check_manifest(files: dict[str, bytes]) -> dict[str, Any]:
    """A pack of this version, every file of it there, with its digest, and no other."""
    manifest: dict[str, Any] = json.loads(files["manifest.json"])
    if manifest.get("format") != FORMAT:
        raise Broken(f"manifest.json: a pack of format {manifest.get('format')!r}; this verifies {FORMAT} alone")
    told = manifest["files"]
    for name in sorted(set(told) ^ (set(files) - {"manifest.json"})):
        raise Broken(f"{name}: {'missing from the pack' if name in told else 'not in the manifest'}")
    for name in sorted({*RECORD, *WORKED_OUT} - set(files)):
        raise Broken(f"{name}: missing from the pack")
    for name in sorted(set(files) - {*RECORD, *WORKED_OUT, *MAY_BE}):
        if not name.startswith(FOLDERS):
            raise Broken(f"{name}: no file of a pack")
    for name, content in files.items():
        if name != "manifest.json" and sha256(content).hexdigest() != told[name]["sha256"]:
            raise Broken(f"{name}: its digest is not that of the manifest")
    return manifest


def lines(files: dict[str, bytes], name: str) -> Iterator[dict[str, Any]]:
    """The objects of a file of JSON lines."""
    for line in files[name].splitlines():
        yield json.loads(line)


def check_chain(files: dict[str, bytes], points: dict[int, str]) -> tuple[list[str], dict[str, str]]:
    """The chain from its first event: the hash of each, after GENESIS, and the digest each object of it should have."""
    told: dict[str, str] = {}
    hashes, seq = [GENESIS], 0
    for event in lines(files, "ledger.jsonl"):
        prev = hashes[seq]
        link = sha256(f"traceeval.audit.v1\n{prev}\n{event['body']}".encode("utf-8", "surrogatepass")).hexdigest()
        if event["seq"] != seq + 1:
            raise Broken(f"ledger.jsonl: event {seq + 1} is missing")
        if (event["prev"], event["hash"]) != (prev, link):
            raise Broken(f"ledger.jsonl: event {seq + 1} was changed")
        if points.get(seq + 1, link) != link:
            raise Broken(f"ledger.jsonl: event {seq + 1} differs from a checkpoint: the chain was computed anew")
        body = json.loads(event["body"])
        note(told, body["action"], body["object"], body["digest"])
        seq += 1
        hashes.append(link)
    if max(points, default=0) > seq:
        raise Broken(f"ledger.jsonl ends at event {seq}, a checkpoint is at {max(points)}: its tail was cut off")
    return hashes, told


def note(told: dict[str, str], action: str, name: str, content: str) -> None:
    """Keep what an event says of a row; what undoes it takes that back."""
    if action in LATER:
        told[f"{name} ({action})"] = content
    elif action == "grant":
        told[f"{name} (grant {content[:16]})"] = content
    elif action == "revoke":
        told.pop(f"{name} (grant {content[:16]})", None)
    elif action == "enable":
        told.pop(f"{name} (disable)", None)
    elif action != "enqueue" and name.partition(":")[0] in WHOLE:
        told[name] = content


def check_records(files: dict[str, bytes], told: dict[str, str]) -> dict[str, Any]:
    """Every record is the one its event speaks of, and every such event has its record. Returns the records."""
    records: dict[str, Any] = {}
    batches: dict[str, list[dict[str, Any]]] = {}
    for record in lines(files, "records.jsonl"):
        about, row = record["object"], record["row"]
        if about in records:
            raise Broken(f"records.jsonl: {about} stands there twice")
        records[about] = row
        if about.startswith("selection_unit:"):
            batch = f"selection_batch:{row['selection_run_id']}/{row['batch']}"
            batches.setdefault(batch, []).append({name: value for name, value in row.items() if name != "id"})
        if about.startswith("selection_unit:") and about != f"selection_unit:{row['id']}":
            raise Broken(f"records.jsonl: {about} is another unit")
        if about not in told and not about.startswith("selection_unit:"):
            raise Broken(f"records.jsonl: {about} has no event")
        if told.get(about, digest(row)) != digest(row):
            raise Broken(f"records.jsonl: {about} is not what its event says")
    for about, rows in batches.items():
        if told.get(about) != digest(sorted(rows, key=lambda row: str(row["subject_sha256"]))):
            raise Broken(f"records.jsonl: {about} is not what its event says")
    for about in told:
        if about not in records and about not in batches and not about.startswith("rubric:"):
            raise Broken(f"records.jsonl: {about} is missing")
    return records


def check_rubrics(files: dict[str, bytes], told: dict[str, str], records: dict[str, Any]) -> None:
    """The wording that events and verdicts name is there."""
    asked = {content: about for about, content in told.items() if about.startswith("rubric:")}
    asked.update({row["rubric_sha256"]: about for about, row in kind_of(records, "verdict")})
    kept = {
        digest(json.loads(data))
        for name, data in files.items()
        if name.startswith("rubrics/") and name.endswith(".json")
    }
    for sha in sorted(set(asked) - kept):
        raise Broken(f"rubrics/: the rubric of {asked[sha]} is missing or was changed")


def kind_of(records: dict[str, Any], kind: str) -> list[tuple[str, dict[str, Any]]]:
    """The records of a table."""
    return [(about, row) for about, row in records.items() if about.startswith(f"{kind}:") and isinstance(row, dict)]


def acted(records: dict[str, Any], action: str) -> set[str]:
    """What a lead's act of this kind took effect on."""
    return {row["about"] for _, row in kind_of(records, "lead_action") if row["action"] == action and row["done"]}


def check_words(files: dict[str, bytes], records: dict[str, Any]) -> dict[str, Any]:
    """What people wrote matches its salted digest; what is gone was erased on record. Returns the words by owner."""
    kept = {one["owner"]: one for one in lines(files, "words.jsonl")}
    erased, owners = acted(records, "erase"), set()
    for about, row in records.items():
        if not isinstance(row, dict) or "text_sha256" not in row:
            continue
        owners.add(row["uuid"])
        one = kept.get(row["uuid"])
        if one is None and f"words:{row['uuid']}" not in erased:
            raise Broken(f"words.jsonl: the words of {about} are gone, and nobody erased them")
        if one is not None and digest([one["salt"], one["body"]]) != row["text_sha256"]:
            raise Broken(f"words.jsonl: the words of {about} were changed")
    for owner in sorted(set(kept) - owners):
        raise Broken(f"words.jsonl: no record has the words {owner}")
    return {owner: one["body"] for owner, one in kept.items()}


def check_access(files: dict[str, bytes], records: dict[str, Any]) -> None:
    """Reveals and erasures are those of the record."""
    rows = sorted((row for _, row in kind_of(records, "lead_action")), key=lambda row: int(row["id"]))
    done = [
        {**{name: value for name, value in row.items() if name != "reviewer_id"}, "reviewer": person(row)}
        for row in rows
        if row["action"] in ("reveal", "erase")
    ]
    if list(lines(files, "access.jsonl")) != done:
        raise Broken("access.jsonl: not the reveals and erasures of the record")


def person(row: dict[str, Any]) -> str:
    """The pseudonym of whom a row is of."""
    return f"reviewer:{row['reviewer_id']}"


def check_tables(files: dict[str, bytes], records: dict[str, Any], words: dict[str, Any]) -> dict[str, int]:
    """The tables show every record once, and each cell what the record says. How often no record speaks of a column."""
    marks = {
        name
        for _, row in kind_of(records, "verdict")
        for name in (*row["body"]["marks"], *row["body"].get("absent", {}))
    }
    open_to: dict[str, int] = {}
    look = Look(records, words)
    for name, kind in TABLES.items():
        heading, *rows = csv.reader(io.StringIO(files[name].decode("utf-8"), newline=""))
        expected = [*COLUMNS[name], *(f"mark.{mark}" for mark in sorted(marks) if kind != "selection_unit")]
        if [plain(column) for column in heading] != [plain(column) for column in expected]:
            raise Broken(f"{name}: its columns are not those of a pack")
        if sorted(f"{kind}:{row[0]}" for row in rows) != sorted(about for about, _ in kind_of(records, kind)):
            raise Broken(f"{name}: its rows are not those of the records")
        for row in rows:
            about = f"{kind}:{row[0]}"
            if len(row) != len(expected):
                raise Broken(f"{name}: {about} has {len(row)} cells, not {len(expected)}")
            told = look.row(kind, records[about])
            for at, column in enumerate(expected):
                cell = row[at]
                if column in told["open"]:
                    open_to[f"{name} {column}"] = open_to.get(f"{name} {column}", 0) + 1
                elif plain(cell) != plain(as_text(told.get(column))):
                    raise Broken(
                        f"{name}: {about} {column} shows {cell[:80]!r}, its record says {as_text(told.get(column))[:80]!r}"
                    )
    return open_to


class Look:
    """What records say of a row of a table, and of which of its columns no record speaks (``open``)."""

    def __init__(self, records: dict[str, Any], words: dict[str, Any]) -> None:
        """``words``: what people wrote, by owner."""
        self.records, self.words, self.voided = records, words, acted(records, "void")
        self.verdicts = {row["uuid"]: row for _, row in kind_of(records, "verdict")}
        self.claims = [row for _, row in kind_of(records, "slot")]
        self.reasons = {
            (row["queue_id"], row["subject_sha256"]): row["reasons"] for row in self.claims if row["round"] == 1
        }

    def row(self, kind: str, record: dict[str, Any]) -> dict[str, Any]:
        """Column -> value."""
        told = {"verdict": self.verdict, "decision": self.decision, "selection_unit": self.unit}[kind](record)
        return {**told, **{f"mark.{name}": mark for name, mark in told.get("shown", {}).items()}}

    def verdict(self, record: dict[str, Any]) -> dict[str, Any]:
        """A verdict: its slot says of what it is, a lead's act whether it was set aside."""
        body, words = record["body"], self.words.get(record["uuid"], {})
        shown = {**body.get("absent", {}), **body["marks"]}
        told = {**body, **words, **record, "reviewer": person(record), "shown": shown, "open": ()}
        told["voided"] = f"slot:{record['slot_id']}" in self.voided
        return {**told, **self.of_slot(record, ("kind", "opened"))}

    def decision(self, record: dict[str, Any]) -> dict[str, Any]:
        """A decision: its verdicts say of what it is, the adjudicator's words why."""
        of = [self.verdicts[uuid] for uuid in record["verdicts"]]
        said = [self.words.get(one["uuid"], {}) for one in of if one["round"] == "adjudication"]
        told = {**record, **(said[0] if said else {}), "shown": record["marks"], "open": ()}
        return {**told, **self.of_slot(of[0], ())}

    def of_slot(self, verdict: dict[str, Any], more: tuple[str, ...]) -> dict[str, Any]:
        """What the last claim of a verdict's slot covers; the claims of earlier versions covered none of it."""
        columns = ("subject_sha256", "trace", *more)
        slot = self.records.get(f"slot:{verdict['slot_id']} (claim)")
        if not isinstance(slot, dict):
            return {"open": ("queue", *columns)}
        if slot["item_id"] != verdict["item_id"]:
            raise Broken(f"records.jsonl: slot:{slot['id']} is of another item than its verdict")
        return {**{column: slot[column] for column in columns}, **self.queue(slot["queue_id"])}

    def unit(self, record: dict[str, Any]) -> dict[str, Any]:
        """A unit of a frame: its run says of which queue, a claim why it was chosen."""
        run = self.records[f"selection_run:{record['selection_run_id']}"]
        told = {**record, "open": (), **self.queue(run["queue_id"])}
        key = (run["queue_id"], record["subject_sha256"])
        return {
            **told,
            "reasons": self.reasons.get(key),
            "open": (*told["open"], *(("reasons",) * (key not in self.reasons))),
        }

    def queue(self, number: int) -> dict[str, Any]:
        """The name of a queue; earlier versions wrote no event of a queue that nobody asked for."""
        made = self.records.get(f"queue:{number}")
        return {"open": ("queue",)} if made is None else {"queue": made[1], "open": ()}


def check_decision(files: dict[str, bytes], hashes: list[str]) -> None:
    """A decision to release, where the pack has one: its policy and every piece of its evidence are the ones it names.

    What people said was read at a point of this very record.
    """
    kept = {name for name in files if name.startswith(DECISION)}
    if not kept:
        return
    decision = json.loads(files[f"{DECISION}decision.json"])
    if sha256(files[f"{DECISION}release.yaml"]).hexdigest() != decision["policy_sha256"]:
        raise Broken(f"{DECISION}release.yaml: not the policy that was decided by")
    rows = [row for layer in decision["layers"] for row in layer.get("evidence", [])]
    for row in rows:
        name = f"{DECISION}{row['file']}"
        if name not in files or sha256(files[name]).hexdigest() != row["sha256"]:
            raise Broken(f"{name}: not the evidence that was decided on")
        read_at = json.loads(files[name])
        if row["kind"] == "people" and hashes[read_at["seq"] : read_at["seq"] + 1] != [read_at["head"]]:
            raise Broken(f"{name}: what people said there is not of this record")
    ours = {f"{DECISION}{name}" for name in ("decision.json", "decision.html", "release.yaml")}
    for name in sorted(kept - ours - {f"{DECISION}{row['file']}" for row in rows}):
        raise Broken(f"{name}: no decision rests on it")


def as_text(value: Any) -> str:
    """A value as a table shows it, before it is guarded."""
    if value is None:
        return ""
    return value if isinstance(value, str) else canonical(value)


def plain(cell: str) -> str:
    """A cell without what guards a spreadsheet, and with acting characters as they are."""
    bare = cell[1:] if cell[:1] == "'" and cell[1:].startswith(GUARDED) else cell
    return _SPELLED.sub(lambda match: chr(int(match[1], 16) % 0x110000), bare).replace("\r\n", "\n")


def verify(data: bytes, points: dict[int, str]) -> dict[str, Any]:
    """Everything this file checks; what to print of a pack that holds.

    Raises:
        Broken: names the first thing that does not hold.
    """
    try:
        files = unpack(data)
        manifest = check_manifest(files)
        hashes, told = check_chain(files, points)
        if (manifest["events"], manifest["head"]) != (len(hashes) - 1, hashes[-1]):
            raise Broken("manifest.json: its head is not that of the ledger")
        for point in lines(files, "checkpoints.jsonl"):
            if hashes[point["seq"] : point["seq"] + 1] != [point["hash"]]:
                raise Broken(f"checkpoints.jsonl: the checkpoint at {point['seq']} is not in the ledger")
        records = check_records(files, told)
        check_rubrics(files, told, records)
        check_access(files, records)
        open_to = check_tables(files, records, check_words(files, records))
        check_decision(files, hashes)
    except Broken:
        raise
    except (KeyError, ValueError, TypeError, AttributeError, csv.Error, RecursionError) as error:
        raise Broken(f"the pack cannot be read: {type(error).__name__} {error}") from error
    checked = {*RECORD, *(name for name in files if name.startswith(DECISION))}
    told_of = {"events": len(hashes) - 1, "head": hashes[-1], "files": len(files), "records": len(records)}
    return {**told_of, "open": open_to, "worked_out": sorted(set(files) - checked)}


def read_points(path: str) -> dict[int, str]:
    """Checkpoints kept outside the database, one a line.

    Raises:
        ValueError: a line is no checkpoint, or two contradict each other.
    """
    found: dict[int, tuple[str, int]] = {}
    for number, line in enumerate(Path(path).read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            one = json.loads(line)
            link, before = found.setdefault(int(one["seq"]), (str(one["hash"]), number))
            if link != one["hash"]:
                raise ValueError(f"{path}: lines {before} and {number} contradict each other at event {one['seq']}")
    return {seq: link for seq, (link, _) in found.items()}


def report(found: dict[str, Any], sha: str, *, complete: bool, known: bool) -> Iterator[str]:
    """What to print of a pack that holds, and of what in it that does not say."""
    proven = "complete up to the checkpoint" if complete else "consistent, not proven complete (no --checkpoint given)"
    yield f"intact: {found['files']} files, {found['events']} events, {found['records']} records; {proven}"
    yield f"head {found['head']}"
    yield f"sha256 {sha}{': the pack that was asked for' if known else ''}"
    if known:
        return
    for column, count in sorted(found["open"].items()):
        yield f"not covered by any event: {column} in {count} rows"
    yield (
        "worked out from the record, not covered by it, and only as good as the hand they came from (--sha256 DIGEST, as "
        f"`traceeval audit pack` printed it, proves them): {', '.join(found['worked_out'])}"
    )


def main(arguments: list[str] | None = None) -> int:
    """Verify one pack; 0 when it holds, 1 when it does not, 2 when a file cannot be read."""
    parser = argparse.ArgumentParser(description="Verify an audit pack of traceeval.")
    parser.add_argument("pack")
    parser.add_argument("--checkpoint", help="checkpoints kept outside the database, one a line")
    parser.add_argument("--sha256", help="the digest of the pack, as it was printed when the pack was made")
    options = parser.parse_args(arguments)
    try:
        data = Path(options.pack).read_bytes()
        points = read_points(options.checkpoint) if options.checkpoint else {}
    except (OSError, ValueError, KeyError, TypeError) as error:
        sys.stderr.write(f"cannot be read: {error}\n")
        return 2
    sha = sha256(data).hexdigest()
    try:
        if options.sha256 is not None and options.sha256.strip().lower() != sha:
            raise Broken(f"its sha256 is {sha}: another pack than the one asked for, or made anew with other contents")
        found = verify(data, points)
    except Broken as error:
        sys.stderr.write(f"NOT intact: {error}\n")
        return 1
    for line in report(found, sha, complete=bool(points), known=options.sha256 is not None):
        sys.stdout.write(f"{line}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
