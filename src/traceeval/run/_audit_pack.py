"""From a queue's record to an audit pack: which rows become which file, in one view of the database."""

from __future__ import annotations

import difflib
import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from traceeval.errors import InputError, Refused, StoreFailed
from traceeval.report import audit
from traceeval.run._decision_folder import PACKED, is_decision

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from traceeval.review import Store

ROLES = ("reviewer", "project", "role", "langs", "tags", "joined_at", "disabled_at")
LINEAGE = (
    "subject_sha256", "part", "payload_sha256", "redaction_version", "origin_format", "origin_dialect", "origin_uri",
    "origin_record", "origin_sha256",
)  # fmt: skip
TRAINING = {
    "qualifications": (
        "reviewer", "rubric_id", "lang", "n", "accuracy", "safety_n", "safety_accuracy", "alpha", "passed_at",
        "valid_until",
    ),
    "calibration_rounds": (
        "id", "queue_id", "rubric_id", "n", "target", "state", "alpha", "opened_by", "opened_at", "revealed_at",
    ),
    "gold": (
        "id", "item_id", "purpose", "source", "made_by", "safety", "marks", "flags", "reviewer", "given", "at",
        "retired_at", "retired_reason",
    ),
    "rubric_proposals": ("id", "rubric_id", "criterion", "score", "wording", "why", "state", "became", "reviewer", "at"),
}  # fmt: skip
REGRESSIONS = ("id", "decision_id", "scenario", "expected", "threshold", "sha256", "at", "flagged_at", "flag_reason")
SAFETY = (
    "item_id", "queue", "subject_sha256", "trace", "round", "state", "cause", "must_see", "flags_raised", "flags", "outcome",
    "method",
)  # fmt: skip


def write_pack(
    store: Store,
    out: Path,
    parts: Mapping[str, object],
    benchmarks: tuple[Path, ...] = (),
    *,
    decision: Path | str | None = None,
    names: bool = False,
) -> str:
    """Write the pack; its SHA-256. The same record makes the same bytes.

    ``parts``: file -> what a service measured, a text where it could not be: ``limits.md`` then says so. ``decision``: a
    folder that ``traceeval decide --out`` wrote, on evidence of this record where people are part of it; a text says why
    there is none.

    Raises:
        Refused: the record names people, as an earlier version wrote it, and ``names`` is False.
        InputError: ``decision`` is no folder of a decision.
        StoreFailed: what was written does not verify.
        LimitExceeded: the pack would be over 4 GiB.
    """
    with tempfile.TemporaryDirectory(prefix="traceeval-pack-") as made, store.read() as connection:
        folder = Path(made)
        _require_nameless(connection, names)
        _record(connection, folder)
        absent = {**_parts(folder, parts, benchmarks), **_decided(folder, decision)}
        _pages(connection, folder, absent)
        _manifest(connection, folder)
        partial = out.with_name(out.name + ".tmp")
        audit.zip_folder(folder, partial)
    data = partial.read_bytes()
    try:
        audit.verify(data, {})
    except audit.Broken as error:
        raise StoreFailed(
            f"{partial}: the pack does not verify: {error}; `traceeval audit verify` says more"
        ) from error
    partial.replace(out)
    return sha256(data).hexdigest()


def _require_nameless(connection: Connection, names: bool) -> None:
    from traceeval.review import export

    last = None if names else export.named(connection)
    if last is not None:
        raise Refused(
            f"events up to {last} name people by their handles, as an earlier version wrote them, and the chain cannot be "
            "rewritten; hand it over with names (--names), or not at all"
        )


def _record(connection: Connection, folder: Path) -> None:
    """The record itself, and the tables that show it."""
    from traceeval.review import export

    audit.write_lines(folder / "ledger.jsonl", export.events(connection))
    audit.write_lines(folder / "checkpoints.jsonl", export.checkpoints(connection))
    audit.write_lines(folder / "records.jsonl", export.records(connection))
    audit.write_lines(folder / "words.jsonl", export.words(connection))
    audit.write_lines(folder / "access.jsonl", export.access(connection))
    marks = _marks(connection)
    audit.write_table(folder / "roles.csv", ROLES, export.roles(connection))
    audit.write_table(folder / "selection.csv", audit.COLUMNS["selection.csv"], export.selection(connection))
    audit.write_table(
        folder / "verdicts.csv", (*audit.COLUMNS["verdicts.csv"], *marks), map(_marked, export.verdicts(connection))
    )
    audit.write_table(
        folder / "decisions.csv", (*audit.COLUMNS["decisions.csv"], *marks), map(_marked, export.decisions(connection))
    )
    audit.write_table(folder / "lineage.csv", LINEAGE, export.lineage(connection))
    audit.write_table(folder / "safety.csv", SAFETY, export.safety(connection))
    audit.write_table(folder / "regression_history.csv", REGRESSIONS, export.regressions(connection))
    for name, columns in TRAINING.items():
        audit.write_table(folder / "training" / f"{name}.csv", columns, getattr(export, name)(connection))
    audit.write_json(folder / "contamination.json", export.contamination(connection))
    for name, text in _rubrics(connection):
        path = folder / "rubrics" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _marks(connection: Connection) -> tuple[str, ...]:
    """A column for every criterion anybody marked."""
    from traceeval.review import export

    names = {name for row in export.verdicts(connection) for name in (*row["marks"], *row["absent"])}
    return tuple(f"mark.{name}" for name in sorted(names))


def _marked(row: Mapping[str, Any]) -> dict[str, Any]:
    said = {**row.get("absent", {}), **row["marks"]}
    return {**row, **{f"mark.{name}": mark for name, mark in said.items()}}


def _rubrics(connection: Connection) -> Iterator[tuple[str, str]]:
    """Every version whole, and what changed since the one before."""
    from traceeval.review import export

    before: dict[tuple[str, str], tuple[int, str]] = {}
    for row in export.rubrics(connection):
        name = f"{_safe(row['name'])}-v{row['version']}-{_safe(row['locale'])}"
        text = json.dumps(row["body"], sort_keys=True, indent=1) + "\n"
        yield f"{name}.json", text
        kind = (row["name"], row["locale"])
        if kind in before:
            was, old = before[kind]
            lines = difflib.unified_diff(
                old.splitlines(), text.splitlines(), f"version {was}", f"version {row['version']}", lineterm=""
            )
            yield f"{name}.diff", "\n".join(lines) + "\n"
        before[kind] = (row["version"], text)


def _safe(name: str) -> str:
    """A name that is a file's and nothing else; a name that had to change carries its digest."""
    kept = "".join(char if char.isascii() and (char.isalnum() or char in "-_") else "_" for char in name)
    return kept if kept == name else f"{kept[:80]}-{sha256(name.encode()).hexdigest()[:8]}"


def _parts(folder: Path, parts: Mapping[str, object], benchmarks: tuple[Path, ...]) -> dict[str, str]:
    """Write what services measured; file -> why it is not there."""
    absent = {name: value for name, value in parts.items() if isinstance(value, str)}
    for name, value in parts.items():
        if name not in absent:
            _part(folder / name, value)
    for path in benchmarks:
        (folder / "benchmarks").mkdir(exist_ok=True)
        (folder / "benchmarks" / f"{_safe(path.stem)}{path.suffix if path.suffix == '.json' else ''}").write_bytes(
            path.read_bytes()
        )
    if not benchmarks:
        absent["benchmarks/"] = "no results were named (--benchmark FILE)"
    return absent


def _decided(folder: Path, decision: Path | str | None) -> dict[str, str]:
    """Copy the decision with its evidence; why it is not there."""
    if not isinstance(decision, Path):
        return {"decision/": decision or "no decision to release was named (--decision FOLDER)"}
    if not is_decision(decision):
        raise InputError(f"{decision}: no decision there; `traceeval decide --policy FILE --out {decision}` writes one")
    shutil.copytree(decision, folder / PACKED)
    return {}


def _part(path: Path, value: object) -> None:
    if path.suffix == ".csv" and isinstance(value, list):
        columns = list(dict.fromkeys(column for row in value for column in row))
        audit.write_table(path, columns, value)
    else:
        audit.write_json(path, value)


def _pages(connection: Connection, folder: Path, absent: Mapping[str, str]) -> None:
    """What a person reads first, and the verifier."""
    from traceeval.review import export

    queues = list(export.queues(connection))
    people = len({row["reviewer"] for row in export.roles(connection)})
    (folder / "protocol.md").write_text(audit.protocol(queues, people), encoding="utf-8")
    (folder / "limits.md").write_text(audit.limits(_shortfall(connection, queues, absent)), encoding="utf-8")
    source = files("traceeval.report.audit") / "verify.py"
    (folder / "verify.py").write_bytes(source.read_bytes())
    present = {path.relative_to(folder).as_posix() for path in folder.rglob("*")} | {"manifest.json"}
    audit.write_table(folder / "nist.csv", audit.NIST_COLUMNS, audit.nist_rows(present))


def _shortfall(connection: Connection, queues: list[dict[str, Any]], absent: Mapping[str, str]) -> audit.Shortfall:
    from traceeval.review import export

    states: Counter[str] = Counter()
    for queue in queues:
        states.update(queue["items"])
    return audit.Shortfall(
        absent=absent,
        items=states.total(),
        reviewed=states["resolved"] + states["indeterminate"],
        unlabelled=states["indeterminate"] + states["withdrawn"] + states["blocked"],
        unreplicated=sum(bool(row["unreplicated"]) for row in export.decisions(connection)),
        checkpoints=sum(1 for _ in export.checkpoints(connection)),
        erased=sum(row["action"] == "erase" and row["done"] for row in export.access(connection)),
        repeated=len(export.contamination(connection)["same_words_on_several_items"]),
    )


def _manifest(connection: Connection, folder: Path) -> None:
    """Every file with its size and digest; the head of the chain; versions. Nothing of when or where it was made."""
    from traceeval.review import export

    seq, link = export.head(connection)
    told = {
        path.relative_to(folder).as_posix(): {
            "sha256": sha256(path.read_bytes()).hexdigest(),
            "size": path.stat().st_size,
        }
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    audit.write_json(
        folder / "manifest.json",
        {
            "format": audit.FORMAT,
            "traceeval": version("traceeval"),
            "events": seq,
            "head": link,
            "files": told,
        },
    )
