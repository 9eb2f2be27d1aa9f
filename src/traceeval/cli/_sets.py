"""Labelled sets as JSON lines, and texts to look for them in."""

from __future__ import annotations

from pathlib import Path

from traceeval.errors import ConfigError


def read_text(path: str) -> str:
    """A file as text; what is no UTF-8 is replaced.

    Raises:
        ConfigError: it cannot be read.
    """
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from error


def read_set(path: str, **fields: str | None) -> list[dict[str, object]]:
    """The rows. ``fields``: option -> the field it names, which some row has to have.

    Raises:
        ConfigError: no such file, a line that is no object, no row, or a field that no row has.
    """
    import msgspec

    found = []
    for number, line in enumerate(read_text(path).splitlines(), start=1):
        if not line.strip():
            continue
        try:
            found.append(msgspec.json.decode(line, type=dict[str, object]))
        except msgspec.MsgspecError as error:
            raise ConfigError(f"{path}:{number}: no JSON object: {error}") from error
    if not found:
        raise ConfigError(f"{path}: no rows")
    for option, name in fields.items():
        if name is not None and not any(name in row for row in found):
            raise ConfigError(f"--{option} {name}: no row of {path} has it; they have {', '.join(sorted(found[0]))}")
    return found
