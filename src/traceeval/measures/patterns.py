r"""Regular expressions against text of strangers: linear in the text, whatever the pattern (RE2, as Arrow ships it).

Without look-around and back-references, which cannot be had in linear time; ``\d``, ``\w``, ``\s`` and ``\b`` are about ASCII.
https://github.com/google/re2/wiki/Syntax
"""

from __future__ import annotations

from functools import lru_cache

from traceeval.errors import ConfigError


def found_in(pattern: str, text: str) -> bool:
    """Whether the pattern matches anywhere in the text; half characters of it match nothing but ``.``.

    Raises:
        ConfigError: see ``check_pattern``.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    check_pattern(pattern)
    whole = text.encode("utf-8", "replace").decode()
    return bool(pc.match_substring_regex(pa.array([whole]), pattern=pattern)[0].as_py())


@lru_cache(maxsize=512)
def check_pattern(pattern: str) -> None:
    """Refuse what is no regular expression, or none of those that take linear time.

    Raises:
        ConfigError: with what is wrong and what may be written.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        pc.match_substring_regex(pa.array([""]), pattern=pattern)
    except ValueError as error:
        why = str(error).removeprefix("Invalid regular expression: ")
        raise ConfigError(
            f"{pattern[:200]!r} is no regular expression that takes linear time ({why}); RE2 syntax, "
            "without look-around, back-references and repetitions over 1,000"
        ) from error
