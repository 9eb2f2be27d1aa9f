"""``--replayer MODULE:FUNCTION``: code of the user's own, loaded because they name it on the command line.

Nothing else names it: no configuration file, no environment variable, no trace.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from traceeval.errors import ConfigError
from traceeval.run import Replayer


def load_replayer(text: str) -> Replayer:
    """The function ``MODULE:FUNCTION`` names; modules of the working directory are found last.

    Raises:
        ConfigError: another form, a module that does not import, a name it does not have or that cannot be called.
    """
    module, found, name = text.partition(":")
    if not found or not module or not name:
        raise ConfigError(f"--replayer {text!r}: write MODULE:FUNCTION, e.g. my_app.answering:answer")
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.append(here)
    try:
        loaded = importlib.import_module(module)
    except ImportError as error:
        raise ConfigError(f"--replayer {text!r}: {error}; run from where {module!r} can be imported") from error
    function = getattr(loaded, name, None)
    if not callable(function):
        raise ConfigError(f"--replayer {text!r}: {module} has no function {name!r}")
    replayer: Replayer = function
    return replayer
