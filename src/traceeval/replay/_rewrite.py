"""A suite written again in another folder, with scenarios changed; every other file as it was."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import yaml

from traceeval.errors import ConfigError, OutputExists
from traceeval.measures.strict_yaml import NUMBER
from traceeval.model import Json, Variant
from traceeval.replay.load import Suite


class _Dumper(yaml.SafeDumper):
    """Texts that our loader would read as numbers are quoted; YAML 1.1 quotes fewer of them."""

    def ignore_aliases(self, data: Any) -> bool:
        """Every value is written out: a file for people points nowhere."""
        return True


def _text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"' if NUMBER.fullmatch(text) else None)


_Dumper.add_representer(str, _text)


def write_variants(suite: Suite, folder: Path, variants: Mapping[str, Sequence[Variant]]) -> None:
    """The suite in a new folder, these variants added to its scenarios (by id; one of the same id is replaced).

    Raises:
        OutputExists: the folder is there already.
        ConfigError: it lies in the suite.
    """
    if folder.exists():
        raise OutputExists(f"{folder}: is there already; name a new folder")
    if folder.resolve().is_relative_to(suite.folder.resolve()):
        raise ConfigError(f"{folder}: lies in the suite; name a folder beside it")
    shutil.copytree(suite.folder, folder, ignore=shutil.ignore_patterns("__pycache__"))
    files: dict[Path, list[Json]] = {}
    for one in suite.loaded:
        file = Path(one.where.rpartition(":")[0])
        changed = _with(one.document.value, variants.get(one.scenario.id, ()))
        files.setdefault(file.absolute().relative_to(suite.folder), []).append(changed)
    for name, values in files.items():
        text = yaml.dump_all(values, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)
        (folder / name).write_text(text, encoding="utf-8")


def _with(value: Json, made: Sequence[Variant]) -> Json:
    if not made:
        return value
    ids = {one.id for one in made}
    kept = [one for one in value.get("variants", ()) if one["id"] not in ids]
    return {**value, "variants": kept + [msgspec.to_builtins(one) for one in made]}
