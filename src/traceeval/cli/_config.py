"""Options from ``traceeval.toml`` or ``[tool.traceeval]``: below flags and ``TRACEEVAL_*``, above the defaults."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from traceeval.errors import ConfigError

FILES = ("traceeval.toml", "pyproject.toml")


class Config(BaseModel):
    """What a project may fix once for all its runs."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    gold: str | None = None
    corpus: str | None = None
    tools: str | None = None
    policy: str | None = None
    rules: tuple[str, ...] = ()
    out: str | None = None
    queue: str | None = None
    budget: int | None = Field(default=None, ge=1)
    engine: str | None = None
    workers: int | None = Field(default=None, ge=1)
    scorers: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    checkers: tuple[str, ...] = ()
    calibration: str | None = None
    judge_cache: str | None = None
    judge_concurrency: int | None = Field(default=None, ge=1)
    judge_rpm: int | None = Field(default=None, ge=1)
    judge_key_env: str | None = None
    max_judge_calls: int | None = Field(default=None, ge=0)
    max_judge_usd: float | None = Field(default=None, ge=0)
    fail_under: tuple[str, ...] = ()
    admissions: tuple[str, ...] = ()
    min_coverage: float | None = Field(default=None, ge=0, le=1)


def load_config(path: str | None, folder: Path | None = None) -> tuple[Config, str]:
    """The project's configuration and where it came from; the empty one, from ``defaults``, when there is none.

    Raises:
        ConfigError: for a file that is missing, unreadable, or has a key or value we do not know.
    """
    if path is not None:
        return _parse(Path(path), whole=Path(path).name != "pyproject.toml")
    for name in FILES:
        found = (folder or Path()) / name
        if found.is_file():
            config, where = _parse(found, whole=name == "traceeval.toml")
            if name == "traceeval.toml" or config != Config():
                return config, where
    return Config(), "defaults"


def _parse(path: Path, *, whole: bool) -> tuple[Config, str]:
    try:
        data: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror}); pass another --config") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not TOML: {error}") from error
    if not whole:
        data = data.get("tool", {}).get("traceeval", {})
    try:
        return Config(**{key.replace("-", "_"): value for key, value in data.items()}), str(path)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        known = ", ".join(Config.model_fields)
        raise ConfigError(f"{path}: {key}: {first['msg']}; known keys: {known}") from error
