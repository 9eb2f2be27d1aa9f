"""Plug-ins by dotted name. The name is the file's path, so nothing is listed anywhere and nothing is imported unasked.

A plug-in room is a package in which every file without a leading underscore is one plug-in:
``traceeval/scorers/retriever/recall.py`` is the scorer ``retriever.recall``. Strangers ship an entry point in the
group ``traceeval.scorers`` (``.adapters``, ``.diagnose``, ``.risk``) and get the same checks.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.metadata import entry_points
from importlib.util import find_spec
from typing import Any, Generic, Literal, TypeVar

from traceeval.errors import ConfigError, MissingExtra, UnknownPlugin

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class Plugin:
    """Something registered: its dotted name, the function, and the one line that says what it is."""

    name: str
    call: Callable[..., Any]

    @property
    def doc(self) -> str:
        """First line of the function's docstring."""
        return (inspect.getdoc(self.call) or "").split("\n", 1)[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorer(Plugin):
    """A score. ``sees`` is the type of the first parameter; ``range``: declared and finite, or None."""

    sees: type
    unit: str = "share"
    better: Literal["higher", "lower"] = "higher"
    range: tuple[float, float] | None = (0.0, 1.0)
    needs: tuple[str, ...] = ()
    stackable: bool = False
    default: bool = True
    part: str | None = None
    requires: str | None = None
    must: tuple[str, ...] = ()
    ahead: Callable[..., Iterable[Any]] | None = None

    @property
    def component(self) -> str:
        """The component this scorer can blame: declared, else the folder."""
        return self.part or self.name.split(".", 1)[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Adapter(Plugin):
    """A reader. ``sniff(sample)`` returns a confidence 0..1 and why."""

    sniff: Callable[..., tuple[float, str]]
    version: str = "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis(Plugin):
    """A finding rule. ``id`` is its row in the catalogue; ``subsumes`` lists codes of the same event it replaces.

    ``needs``: fields of ``ToolSpec`` without which it answers ``unknown`` or rests on inference.
    """

    severity: int
    id: str | None = None
    subsumes: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskRule(Plugin):
    """A reason to look. ``weight`` is the shipped log-odds weight of ``risk/policy.toml``'s entry of that name.

    ``needs``: fields of ``ToolSpec`` it rests on.
    """

    id: str | None = None
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckerPlugin(Plugin):
    """Makes a checker of claims: ``(judges, *, options) -> Checker``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment(Plugin):
    """Attaches an agent: ``(what stands behind the colon of --agent) -> Agent``."""


P = TypeVar("P", bound=Plugin)


def _mark(function: F, plugin: Plugin) -> F:
    function.__plugin__ = plugin  # type: ignore[attr-defined]
    return function


def scorer(
    name: str,
    *,
    unit: str = "share",
    better: Literal["higher", "lower"] = "higher",
    range: tuple[float, float] | None = (0.0, 1.0),
    needs: tuple[str, ...] = (),
    stackable: bool = False,
    default: bool = True,
    component: str | None = None,
    requires: str | None = None,
    must: tuple[str, ...] = (),
    ahead: Callable[..., Iterable[Any]] | None = None,
) -> Callable[[F], F]:
    """Register a scorer. What it sees is the annotation of its first parameter: a View or TraceGraph.

    ``default`` False: it runs only when named. ``component``: when it is not the folder. ``requires``: the extra, named
    as its package. ``must``: parameters that have to be given. ``ahead``: view -> questions it is sure to ask besides the
    one about the whole answer, so that a judge can begin with them.

    Raises:
        ConfigError: at import, when the first parameter's annotation is not something a scorer may see, or another
            parameter is positional or has no default.
    """

    def register(function: F) -> F:
        parameters = list(inspect.signature(function, eval_str=True).parameters.values())
        sees = parameters[0].annotation if parameters else None
        if not (isinstance(sees, type) and getattr(sees, "__view__", False)):
            raise ConfigError(
                f"scorer {name}: first parameter must be annotated with a View or TraceGraph, not {sees!r}"
            )
        loose = [p.name for p in parameters[1:] if p.kind is not p.KEYWORD_ONLY or p.default is p.empty]
        if loose:
            raise ConfigError(f"scorer {name}: {', '.join(loose)} must be keyword-only with a default")
        spec = Scorer(
            name=name,
            call=function,
            sees=sees,
            unit=unit,
            better=better,
            range=range,
            needs=needs,
            stackable=stackable,
            default=default,
            part=component,
            requires=requires,
            must=must,
            ahead=ahead,
        )
        return _mark(function, spec)

    return register


def adapter(name: str, *, sniff: Callable[..., tuple[float, str]], version: str = "1") -> Callable[[F], F]:
    """Register an adapter: ``(stream, where) -> Iterator[Trace | Gold | Imported | Diagnostic | LossReport]``."""
    return lambda function: _mark(function, Adapter(name=name, call=function, sniff=sniff, version=version))


def diagnosis(
    code: str,
    *,
    severity: int,
    id: str | None = None,
    subsumes: tuple[str, ...] = (),
    needs: tuple[str, ...] = (),
) -> Callable[[F], F]:
    """Register a finding rule: ``Dossier -> Iterable[Finding]``. ``code`` is ``component.name``, hence the file.

    ``needs``: the tool annotations it rests on, as fields of ``ToolSpec``; ``traceeval lint tools`` tells them.
    """

    def register(function: F) -> F:
        rule = Diagnosis(name=code, call=function, severity=severity, id=id, subsumes=subsumes, needs=needs)
        return _mark(function, rule)

    return register


def risk_rule(name: str, *, id: str | None = None, needs: tuple[str, ...] = ()) -> Callable[[F], F]:
    """Register a risk rule: ``Dossier -> RiskReason | None``. Weights live in ``risk/policy.toml``; ``needs`` as above."""
    return lambda function: _mark(function, RiskRule(name=name, call=function, id=id, needs=needs))


def checker(name: str) -> Callable[[F], F]:
    """Register a maker of checkers: ``(judges, *, options) -> Checker``; options are keyword-only with defaults."""
    return lambda function: _mark(function, CheckerPlugin(name=name, call=function))


def attachment(name: str) -> Callable[[F], F]:
    """Register a way to attach an agent: ``text -> Agent``; ``--agent NAME:TEXT`` uses it."""
    return lambda function: _mark(function, Attachment(name=name, call=function))


class Registry(Generic[P]):
    """All plug-ins of one room, found by walking its package and its entry-point group; imported when asked for."""

    def __init__(self, package: str, kind: type[P]) -> None:
        self.package = package
        self.kind = kind

    def names(self) -> tuple[str, ...]:
        """Every name, sorted, without importing one of them."""
        return tuple(sorted({*self._files(), *self._entry_points()}))

    def get(self, name: str) -> P:
        """The plug-in of that name.

        Raises:
            UnknownPlugin: with the nearest names.
        """
        target = self._files().get(name)
        if target is not None:
            return self._plugin(importlib.import_module(target), name, target)
        entry = self._entry_points().get(name)
        if entry is None:
            near = get_close_matches(name, self.names(), n=3) or self.names()
            raise UnknownPlugin(f"{self.package} has no {name!r}; did you mean {', '.join(near)}?")
        return self._check(getattr(entry.load(), "__plugin__", None), name, str(entry.value))

    def configured(self, text: str) -> tuple[P, Mapping[str, Any]]:
        """A plug-in with its parameters, from ``retriever.recall(k=5)``; values are literals, nothing is evaluated.

        Raises:
            ConfigError: when the text is no call of that form, or names a parameter the plug-in does not have.
            UnknownPlugin: when there is no such plug-in.
            MissingExtra: when its package is not installed.
        """
        name, _, rest = text.partition("(")
        plugin = self.get(name.strip())
        if not rest:
            return _able(plugin, {}), {}
        try:
            call = ast.parse(f"f({rest}", mode="eval").body
            options = {word.arg: ast.literal_eval(word.value) for word in getattr(call, "keywords", ()) if word.arg}
        except (SyntaxError, ValueError) as error:
            raise ConfigError(f"{text!r}: write {name}(key=value, ...) with plain values ({error})") from error
        known = list(inspect.signature(plugin.call).parameters)[1:]
        unknown = [key for key in options if key not in known]
        if unknown or getattr(call, "args", []):
            raise ConfigError(f"{text!r}: {name} takes {', '.join(known) or 'no parameters'}, by name")
        return _able(plugin, options), options

    def all(self) -> Iterator[P]:
        """Every plug-in, by name."""
        return (self.get(name) for name in self.names())

    def _plugin(self, module: Any, name: str, where: str) -> P:
        found = (getattr(value, "__plugin__", None) for value in vars(module).values())
        return self._check(next((p for p in found if isinstance(p, Plugin) and p.name == name), None), name, where)

    def _check(self, plugin: object, name: str, where: str) -> P:
        if not isinstance(plugin, self.kind) or plugin.name != name:
            raise ConfigError(f"{where} registers no {self.kind.__name__.lower()} named {name!r}; the name is the path")
        return plugin

    def _files(self) -> Mapping[str, str]:
        return _walk(self.package)

    def _entry_points(self) -> Mapping[str, Any]:
        return {entry.name: entry for entry in entry_points(group=self.package)}


def _able(plugin: P, options: Mapping[str, Any]) -> P:
    """The plug-in, if its package is installed and it was told what it must be told."""
    if not isinstance(plugin, Scorer):
        return plugin
    lacking = [key for key in plugin.must if not options.get(key)]
    if lacking:
        pairs = ", ".join(f"{key}='...'" for key in plugin.must)
        raise ConfigError(f"{plugin.name} needs {', '.join(lacking)}: write {plugin.name}({pairs})")
    if plugin.requires is not None and find_spec(plugin.requires) is None:
        raise MissingExtra(f"{plugin.name} needs {plugin.requires}; pip install 'traceeval[{plugin.requires}]'")
    return plugin


@cache
def _walk(package: str) -> Mapping[str, str]:
    """Dotted plug-in name -> module, for every file below a package that does not begin with an underscore."""
    root = importlib.import_module(package)
    found: dict[str, str] = {}
    for info in pkgutil.walk_packages(root.__path__, prefix=f"{package}."):
        parts = info.name.removeprefix(f"{package}.").split(".")
        if not info.ispkg and not any(part.startswith("_") for part in parts):
            found[".".join(parts)] = info.name
    return found
