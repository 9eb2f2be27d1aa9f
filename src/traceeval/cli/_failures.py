"""Errors raised on purpose become one line on stderr and an exit code; anything else is a bug and says so.

Exit codes of every command: 0 done or gate held; 1 gate failed; 2 usage, configuration or authoring error; 3 input
unreadable in whole or part; 4 internal or provider error. When several apply: 4, 2, 1, 3.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import click

from traceeval.errors import (
    ConfigError,
    InputError,
    MissingExtra,
    OutputExists,
    ReviewError,
    StoreFailed,
    TraceevalError,
)

P = ParamSpec("P")

DONE, GATE_FAILED, USAGE, UNREADABLE, INTERNAL = 0, 1, 2, 3, 4
_CODES = (
    (ConfigError, USAGE),
    (OutputExists, USAGE),
    (MissingExtra, USAGE),
    (StoreFailed, INTERNAL),
    (ReviewError, USAGE),
    (InputError, UNREADABLE),
)


def printable(text: object) -> str:
    """A text on one line, control characters replaced: what strangers wrote never begins a line of ours."""
    return "".join(char if char.isprintable() else "�" if char not in "\n\t" else " " for char in str(text))


def exits(function: Callable[P, int | None]) -> Callable[P, None]:
    """Run a command; its return value is the exit code (None: 0)."""

    @wraps(function)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            code = function(*args, **kwargs) or DONE
        except TraceevalError as error:
            click.echo(f"traceeval: {printable(error)}", err=True)
            code = next((code for kind, code in _CODES if isinstance(error, kind)), INTERNAL)
        except (click.ClickException, click.Abort, click.exceptions.Exit, BrokenPipeError):
            raise  # for click, who knows what to do
        except OSError as error:
            click.echo(f"traceeval: {printable(error)}", err=True)
            code = INTERNAL
        except Exception:  # the edge of the process: a mistake of ours has an exit code of its own
            traceback.print_exc()
            click.echo("traceeval: a mistake of traceeval's own; please report it with the lines above", err=True)
            code = INTERNAL
        except KeyboardInterrupt:
            click.echo("traceeval: interrupted; nothing was replaced", err=True)
            code = 130
        sys.exit(code)

    return wrapped
