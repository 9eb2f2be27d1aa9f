r"""Regular expressions that take linear time, whatever the pattern and the text: RE2.

Without look-around and back-references, which cannot be had in linear time; ``\d``, ``\w``, ``\s`` and ``\b`` are about ASCII.
https://github.com/google/re2/wiki/Syntax
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

from traceeval.errors import ConfigError


def found_in(pattern: str, text: str) -> bool:
    """Whether the pattern matches anywhere in the text; half characters of it match nothing but ``.``.

    Raises:
        ConfigError: see ``check_pattern``.
    """
    check_pattern(pattern)
    return _searched(pattern)(text.encode("utf-8", "replace").decode()) is not None


def check_pattern(pattern: str) -> None:
    """Refuse what is no regular expression, or none of those that take linear time.

    Raises:
        ConfigError: with what is wrong and what may be written.
    """
    why = _fault(pattern)
    if why is not None:
        raise ConfigError(
            f"{pattern[:200]!r} is no regular expression that takes linear time ({why}); RE2 syntax, "
            "without look-around, back-references and repetitions over 1,000"
        )


def is_linear(pattern: str) -> bool:
    """Whether RE2 takes the pattern."""
    return _fault(pattern) is None


def search_any(patterns: list[str]) -> Callable[[str], object | None]:
    r"""Looks for any of these: None where none is found. Case is ignored, ``^`` and ``$`` are of lines.

    Raises:
        re2.error: for one that is not linear.
    """
    return _searched("(?im)" + "|".join(f"(?:{pattern})" for pattern in patterns))


@lru_cache(maxsize=4096)
def _fault(pattern: str) -> str | None:
    import re2

    try:
        re2.compile(pattern, _options())
    except re2.error as error:
        return str(error.args[0].decode() if isinstance(error.args[0], bytes) else error.args[0])
    except UnicodeEncodeError as error:
        return str(error)
    return None


@lru_cache(maxsize=512)
def _searched(pattern: str) -> Callable[[str], object | None]:
    import re2

    found: Callable[[str], object | None] = re2.compile(pattern, _options()).search
    return found


@cache
def _options() -> Any:
    import re2

    options = re2.Options()
    options.log_errors = False
    options.never_capture = True
    options.max_mem = 64 << 20  # with the default of 8 MB large tables of alternatives fall back to a slow machine
    return options
