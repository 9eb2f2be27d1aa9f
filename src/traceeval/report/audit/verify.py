#!/usr/bin/env python3
"""Verifies an audit pack of traceeval with nothing but Python 3.9 or later: ``python3 -I -S verify.py pack.zip``.

It checks that the file is, byte for byte, the one its contents make; that every digest of the manifest holds; that the
chain of events is whole; that every record is the one its event speaks of, both ways; that the words people wrote match
their salted digests; that the tables show what the records say; and that a decision to release rests on the evidence
that stands beside it. With ``--checkpoint FILE`` it also proves that nothing was cut off or computed anew since that
checkpoint was let out of the database.

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
DECISION = "decision/"
TABLES = {"verdicts.csv": "verdict", "decisions.csv": "decision", "selection.csv": "selection_unit"}
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
    """Every file is there, with its digest, and no other."""
    manifest: dict[str, Any] = json.loads(files["manifest.json"])
    told = manifest["files"]
    for name in sorted(set(told) ^ (set(files) - {"manifest.json"})):
        raise Broken(f"{name}: {'missing from the pack' if name in told else 'not in the manifest'}")
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
    hashes, seq, told = [GENESIS], 0, {}
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
        told[body["object"]] = body["digest"]
        seq += 1
        hashes.append(link)
    if max(points, default=0) > seq:
        raise Broken(f"ledger.jsonl ends at event {seq}, a checkpoint is at {max(points)}: its tail was cut off")
    return hashes, told


def check_records(files: dict[str, bytes], told: dict[str, str], watched: list[str]) -> dict[str, dict[str, Any]]:
    """Every record is the one its event speaks of, and every such event has its record. Returns the records."""
    records: dict[str, dict[str, Any]] = {}
    batches: dict[str, list[dict[str, Any]]] = {}
    for record in lines(files, "records.jsonl"):
        about, row = record["object"], record["row"]
        records[about] = row
        if about.startswith("selection_unit:"):
            batch = f"selection_batch:{row['selection_run_id']}/{row['batch']}"
            batches.setdefault(batch, []).append({name: value for name, value in row.items() if name != "id"})
        elif told.get(about) != digest(row):
            raise Broken(f"records.jsonl: {about} is not what its event says")
    for about, rows in batches.items():
        if told.get(about) != digest(sorted(rows, key=lambda row: str(row["subject_sha256"]))):
            raise Broken(f"records.jsonl: {about} is not what its event says")
    for about in told:
        if about.partition(":")[0] in watched and about not in records and about not in batches:
            raise Broken(f"records.jsonl: {about} is missing")
    return records


def check_words(files: dict[str, bytes], records: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """What people wrote matches its salted digest; what is gone was erased on record. Returns the words by owner."""
    kept = {one["owner"]: one for one in lines(files, "words.jsonl")}
    erased = {
        row["about"] for row in records.values() if row.get("action") == "erase" and row.get("done") and "about" in row
    }
    for about, row in records.items():
        if "text_sha256" in row and row["uuid"] not in kept:
            if f"words:{row['uuid']}" not in erased:
                raise Broken(f"words.jsonl: the words of {about} are gone, and nobody erased them")
        elif "text_sha256" in row:
            one = kept[row["uuid"]]
            if digest([one["salt"], one["body"]]) != row["text_sha256"]:
                raise Broken(f"words.jsonl: the words of {about} were changed")
    return {owner: one["body"] for owner, one in kept.items()}


def check_tables(files: dict[str, bytes], records: dict[str, dict[str, Any]], words: dict[str, Any]) -> None:
    """The tables show every record once, and each cell what the record says."""
    for name, kind in TABLES.items():
        shown = list(csv.DictReader(io.StringIO(files[name].decode("utf-8"), newline="")))
        if sorted(f"{kind}:{row['id']}" for row in shown) != sorted(
            about for about in records if about.startswith(f"{kind}:")
        ):
            raise Broken(f"{name}: its rows are not those of the records")
        for row in shown:
            about = f"{kind}:{row['id']}"
            for column, cell in row.items():
                said = field(records[about], column, words)
                if said is not None and plain(cell) != plain(said):
                    raise Broken(f"{name}: {about} {column} shows {cell[:80]!r}, its record says {said[:80]!r}")


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


def field(record: dict[str, Any], column: str, words: dict[str, Any]) -> str | None:
    """What a record says of a column; None where the column is taken from elsewhere."""
    body = {**record, **(record.get("body") or {}), **words.get(record.get("uuid", ""), {})}
    if "reviewer_id" in record:
        body["reviewer"] = f"reviewer:{record['reviewer_id']}"
    if column.startswith("mark."):
        name = column.partition(".")[2]
        return as_text({**body.get("absent", {}), **body["marks"]}.get(name))
    return as_text(body[column]) if column in body else None


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
        records = check_records(files, told, manifest["watched"])
        check_tables(files, records, check_words(files, records))
        check_decision(files, hashes)
    except Broken:
        raise
    except (KeyError, ValueError, TypeError, AttributeError, csv.Error, RecursionError) as error:
        raise Broken(f"the pack cannot be read: {type(error).__name__} {error}") from error
    return {"events": len(hashes) - 1, "head": hashes[-1], "files": len(files), "records": len(records)}


def read_points(path: str) -> dict[int, str]:
    """Checkpoints kept outside the database, one a line."""
    found = [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines() if line.strip()]
    return {int(one["seq"]): str(one["hash"]) for one in found}


def main(arguments: list[str] | None = None) -> int:
    """Verify one pack; 0 when it holds, 1 when it does not, 2 when a file cannot be read."""
    parser = argparse.ArgumentParser(description="Verify an audit pack of traceeval.")
    parser.add_argument("pack")
    parser.add_argument("--checkpoint", help="checkpoints kept outside the database, one a line")
    options = parser.parse_args(arguments)
    out = sys.stdout.write
    try:
        data = Path(options.pack).read_bytes()
        points = read_points(options.checkpoint) if options.checkpoint else {}
    except (OSError, ValueError, KeyError, TypeError) as error:
        sys.stderr.write(f"cannot be read: {error}\n")
        return 2
    try:
        found = verify(data, points)
    except Broken as error:
        sys.stderr.write(f"NOT intact: {error}\n")
        return 1
    proven = "complete up to the checkpoint" if points else "consistent, not proven complete (no --checkpoint given)"
    out(f"intact: {found['files']} files, {found['events']} events, {found['records']} records; {proven}\n")
    out(f"head {found['head']}\nsha256 {sha256(data).hexdigest()}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
