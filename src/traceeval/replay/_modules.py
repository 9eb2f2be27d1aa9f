"""``file:function`` of a suite, and ``module:function`` of a command line: code its owner names, never a trace."""

from __future__ import annotations

import importlib
import importlib.util
import re
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import Any

from traceeval.errors import ConfigError

_MODULE = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")


def load_function(text: str, root: Path | None = None) -> Callable[..., Any]:
    """The function. A module that lies in ``root`` as a file is that file; any other is imported, last from here.

    Raises:
        ConfigError: another form, a module that does not import, a name it does not have.
    """
    module, name = module_and_function(text)
    file = None if root is None else root / f"{module.removesuffix('.py').replace('.', '/')}.py"
    loaded = _of_file(file, text) if file is not None and file.is_file() else _imported(module, text)
    function = getattr(loaded, name, None)
    if not callable(function):
        raise ConfigError(f"{text!r}: {module} has no function {name!r}")
    made: Callable[..., Any] = function
    return made


def module_and_function(text: str) -> tuple[str, str]:
    """The two parts of ``module:function``.

    Raises:
        ConfigError: another form; a path is no module.
    """
    module, found, name = text.partition(":")
    if not found or not name or not _MODULE.fullmatch(module):
        raise ConfigError(f"{text[:100]!r}: write MODULE:FUNCTION, e.g. my_app.agent:build")
    return module, name


def _imported(module: str, text: str) -> ModuleType:
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.append(here)
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise ConfigError(f"{text!r}: {error}; run from where {module!r} can be imported") from error


def _of_file(path: Path, text: str) -> ModuleType:
    """A file as a module of its own name: two suites may both have a ``mock.py``. Its folder can be imported from."""
    name = f"traceeval_suite_{path.stem}_{sha256(str(path.resolve()).encode()).hexdigest()[:12]}"
    known = sys.modules.get(name)
    if known is not None:
        return known
    for folder in (str(path.parent.resolve()), str(Path.cwd())):
        if folder not in sys.path:
            sys.path.append(folder)
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ConfigError(f"{text!r}: {path} is no Python file")
    loaded = sys.modules[name] = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(loaded)
    except (SyntaxError, ImportError, NameError, AttributeError, TypeError, ValueError) as error:
        del sys.modules[name]
        raise ConfigError(f"{path}: {type(error).__name__}: {error}") from error
    return loaded
