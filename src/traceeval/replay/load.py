"""A folder of YAML as a Suite. Strict: what is written wrong is refused with ``file:line`` and the way out.

A suite is a folder: ``suite.yaml`` (optional), ``tools.yaml``, scenario files beside them or in ``scenarios/``, and what
those name. A scenario file may hold several documents. Nothing is read from outside the folder.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from traceeval.errors import ConfigError
from traceeval.graph import load_tools
from traceeval.measures.strict_yaml import Document, read_documents
from traceeval.measures.typed import typed
from traceeval.model import Scenario, SuiteFile, ToolSpec
from traceeval.replay._aims import check_aims
from traceeval.replay._check import check

_SUITE = ("suite.yaml", "suite.yml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A scenario, the document it was written as, and the digest of that document."""

    scenario: Scenario
    document: Document = field(repr=False)
    sha256: str

    @property
    def where(self) -> str:
        """``file:line``."""
        return self.document.where()


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """Scenarios of one folder, by id in the order they are written."""

    folder: Path
    id: str
    version: str
    loaded: tuple[Loaded, ...]
    tools: tuple[ToolSpec, ...] = ()

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """The scenarios alone."""
        return tuple(one.scenario for one in self.loaded)

    def scenario(self, id: str) -> Scenario:
        """The scenario of that id.

        Raises:
            ConfigError: there is none.
        """
        found = next((one for one in self.scenarios if one.id == id), None)
        if found is None:
            raise ConfigError(f"{self.folder}: no scenario {id!r}; `traceeval replay {self.folder} --list` names them")
        return found

    def path(self, name: str) -> Path:
        """A file of the suite.

        Raises:
            ConfigError: it leads out of the folder.
        """
        return inside(self.folder, name)

    @property
    def sha256(self) -> str:
        """The digest of every file of the folder, names and bytes; caches of Python do not count."""
        digest = sha256()
        for path in sorted(self.folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(str(path.relative_to(self.folder)).encode() + b"\x00")
                digest.update(sha256(path.read_bytes()).digest())
        return digest.hexdigest()


def load_suite(folder: str | Path) -> Suite:
    """Read every scenario of a folder, or of one file in it.

    Raises:
        ConfigError: with ``file:line`` and the way out, for whatever is written wrong.
    """
    root = Path(folder)
    only = root if root.is_file() else None
    root = root.parent if only else root
    if not root.is_dir():
        raise ConfigError(f"{folder}: no such suite; name a folder of scenario files, or one of them")
    head, told = _head(root)
    loaded = tuple(_scenarios(root, head, only))
    if not loaded:
        raise ConfigError(f"{folder}: no scenario; a scenario file begins with `apiVersion: traceeval/scenario.v1`")
    _no_twins(loaded)
    tools = _tools(root, head, told)
    for one in loaded:
        check_aims(one.scenario, one.document, root, tools)
    return Suite(folder=root.absolute(), id=told.id, version=told.version, loaded=loaded, tools=tools)


def inside(root: Path, name: str) -> Path:
    """A path below a folder.

    Raises:
        ConfigError: it leads out of it.
    """
    path = root / name
    if not path.resolve().is_relative_to(root.resolve()):
        raise ConfigError(f"{name}: leads out of {root}; everything a suite needs lies in its folder")
    return path


def _head(root: Path) -> tuple[Document | None, SuiteFile]:
    path = next((root / name for name in _SUITE if (root / name).is_file()), None)
    if path is None:
        return None, SuiteFile(api="traceeval/suite.v1", id=root.resolve().name, version="0")
    found = list(read_documents(path))
    if len(found) != 1:
        raise ConfigError(f"{path}:1: a suite file holds one document, not {len(found)}")
    return found[0], typed(found[0], SuiteFile)


def _tools(root: Path, head: Document | None, told: SuiteFile) -> tuple[ToolSpec, ...]:
    """The suite's annotations; empty where it has none."""
    path = inside(root, told.tools)
    if not path.is_file() and "tools" in (head.value if head else {}):
        raise ConfigError(f"{head.where(('tools',)) if head else root}: no file {told.tools}")
    return load_tools(path) if path.is_file() else ()


def _scenarios(root: Path, head: Document | None, only: Path | None) -> Iterator[Loaded]:
    for path in [only] if only else _files(root):
        for document in read_documents(path):
            if not isinstance(document.value, dict):
                raise ConfigError(f"{document.where()}: no scenario: a scenario is a mapping")
            if head is not None and "defaults" in head.value:
                document = document.over(head, ("defaults",))
            scenario = typed(document, Scenario)
            check(scenario, document, root)
            yield Loaded(scenario=scenario, document=document, sha256=_digest(document))


def _files(root: Path) -> list[Path]:
    """Scenario files: YAML beside ``suite.yaml`` and below ``scenarios/``, but not the suite's own two files."""
    found = [path for path in (*root.iterdir(), *(root / "scenarios").rglob("*")) if path.suffix in (".yaml", ".yml")]
    return sorted(path for path in found if path.name not in (*_SUITE, "tools.yaml", "tools.yml"))


def _digest(document: Document) -> str:
    import msgspec

    return sha256(msgspec.json.encode(document.value, order="deterministic")).hexdigest()


def _no_twins(loaded: tuple[Loaded, ...]) -> None:
    known: dict[str, str] = {}
    for one in loaded:
        if one.scenario.id in known:
            raise ConfigError(f"{one.where}: {one.scenario.id!r} is the id of {known[one.scenario.id]} too; rename one")
        known[one.scenario.id] = one.where
