"""Which rules and findings fired on which trace of a run: its ``risk.jsonl``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from traceeval.errors import ConfigError, InputError

T = TypeVar("T")


def fired(folder: str) -> Mapping[str, tuple[str, ...]]:
    """Subject -> rules and finding codes.

    Raises:
        ConfigError: there is no such file.
        InputError: a line of it is none of ours.
    """
    return _rows(folder, lambda row: tuple(_names(row["reasons"])))


def traces_of(folder: str) -> Mapping[str, str]:
    """Subject -> trace id.

    Raises:
        ConfigError: there is no such file.
        InputError: a line of it is none of ours.
    """
    return _rows(folder, lambda row: str(row["trace"]))


def _rows(folder: str, of: Callable[[dict[str, Any]], T]) -> Mapping[str, T]:
    import msgspec

    path = Path(folder) / "risk.jsonl"
    try:
        rows = [msgspec.json.decode(line) for line in path.read_bytes().splitlines()]
        return {row["sha256"]: of(row) for row in rows}
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}; run `traceeval evaluate` first and name its folder") from error
    except (msgspec.DecodeError, KeyError, TypeError) as error:
        raise InputError(f"{path}: not what `traceeval evaluate` writes ({error}); run it again") from error


def _names(reasons: list[dict[str, object]]) -> list[str]:
    found = [str(reason["rule"]) for reason in reasons]
    codes = (code for reason in reasons for code in _list(reason.get("findings")))
    return sorted({*found, *codes})


def _list(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else []
