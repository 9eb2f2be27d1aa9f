"""A decision as a folder, and the same folder inside an audit pack: what was decided, by which policy, on which evidence."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import msgspec

from traceeval.errors import InputError, OutputExists
from traceeval.measures.typed import read_one
from traceeval.model.release import ReleaseDecision, ReleasePolicy
from traceeval.report import audit, render_decision
from traceeval.run._decide import Gathered, Policed, kept
from traceeval.run._evidence import Evidence
from traceeval.run._exchange import exchange

DECISION, PAGE, POLICY, EVIDENCE = "decision.json", "decision.html", "release.yaml", "evidence"
PACKED = "decision/"
"""Where the folder stands in a pack."""
FORM = "traceeval schema release"


def load_release_policy(file: str | Path, version: Mapping[str, str] | None = None) -> Policed:
    """A policy of a file. ``version``: what is decided on, over what the file says.

    Raises:
        ConfigError: with ``file:line`` and the way out.
    """
    policy = read_one(file, ReleasePolicy, FORM)
    named = msgspec.structs.replace(policy, version={**policy.version, **(version or {})})
    return Policed(policy=named, source=Path(file).read_bytes())


def is_decision(folder: str | Path) -> bool:
    """Whether a decision lies there."""
    return (Path(folder) / DECISION).is_file()


def write_decision(folder: Path, decision: ReleaseDecision, gathered: Gathered, source: bytes) -> None:
    """Write the folder; one that holds an earlier decision is replaced in one step, once the new one is complete.

    Raises:
        OutputExists: it holds something else, or lies on a file system that cannot replace a folder in one step.
    """
    _refuse_foreign(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        _fill(staging, decision, gathered, source)
        if folder.exists():
            exchange(staging, folder)
        else:
            os.replace(staging, folder)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _refuse_foreign(folder: Path) -> None:
    if not folder.exists():
        return
    ours = {DECISION, PAGE, POLICY, EVIDENCE}
    foreign = sorted(one.name for one in folder.iterdir() if one.name not in ours) if folder.is_dir() else [folder.name]
    if foreign or (any(folder.iterdir()) and not is_decision(folder)):
        named = ", ".join(foreign[:3]) or "no decision"
        raise OutputExists(f"{folder} holds {named}, which is no decision of ours; choose another --out")


def _fill(folder: Path, decision: ReleaseDecision, gathered: Gathered, source: bytes) -> None:
    folder.chmod(0o755)
    (folder / EVIDENCE).mkdir()
    for stand in decision.layers:
        for row in stand.evidence:
            found = gathered[stand.layer][row.path]
            if not isinstance(found, str):
                (folder / row.file).write_bytes(kept(found))
    (folder / POLICY).write_bytes(source)
    render_decision(decision, folder / PAGE)
    audit.write_json(folder / DECISION, msgspec.to_builtins(decision))


def read_packed(
    pack: str | Path, version: Mapping[str, str] | None = None, policy: str | Path | None = None
) -> tuple[Policed, Gathered]:
    """The policy and the evidence of the decision in an audit pack, once the pack verifies.

    Args:
        pack: the file.
        version: what is decided on, over what was.
        policy: a file of another policy, for the same evidence; what it says of the version goes before what was decided on.

    Raises:
        InputError: the pack cannot be read, does not verify, or holds no decision.
        ConfigError: as ``load_release_policy``.
    """
    files = _decision_of(pack)
    try:
        recorded = msgspec.json.decode(files[DECISION], type=ReleaseDecision)
        decoder = msgspec.json.Decoder(Evidence)
        gathered = {
            stand.layer: {row.path: decoder.decode(files[row.file]) for row in stand.evidence}
            for stand in recorded.layers
        }
        source = files[POLICY]
    except (KeyError, msgspec.MsgspecError) as error:
        raise InputError(f"{pack}: {PACKED}{DECISION} cannot be read: {error}") from error
    if policy is not None:
        other = load_release_policy(policy, version)
        told = {**recorded.version, **other.policy.version}
        return replace(other, policy=msgspec.structs.replace(other.policy, version=told)), gathered
    named = {**recorded.version, **(version or {})}
    with tempfile.TemporaryDirectory(prefix="traceeval-decision-") as made:
        file = Path(made) / POLICY
        file.write_bytes(source)
        return load_release_policy(file, named), gathered


def _decision_of(pack: str | Path) -> dict[str, bytes]:
    try:
        data = Path(pack).read_bytes()
        audit.verify(data, {})
    except OSError as error:
        raise InputError(f"{pack}: {error.strerror}") from error
    except audit.Broken as error:
        raise InputError(f"{pack}: NOT intact: {error}") from error
    files = {name.removeprefix(PACKED): held for name, held in audit.unpack(data).items() if name.startswith(PACKED)}
    if DECISION not in files:
        raise InputError(f"{pack}: holds no decision; `traceeval audit pack --decision FOLDER` puts one in")
    return files
