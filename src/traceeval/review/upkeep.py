"""What a server does beside answering: checkpoints leave, webhooks are delivered, leases that ran out are given back.

One thread does all of it, every few seconds. A failure is said and tried again; it never stops the server.
"""

from __future__ import annotations

import threading
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from traceeval.errors import ConfigError, TraceevalError
from traceeval.review.checkpoints import EVERY, SECONDS, Checkpointer
from traceeval.review.queue import expire
from traceeval.review.store import Store
from traceeval.review.webhooks import EVENTS, Courier, Send, Webhook, post, secret_of

PAUSE_S = 5.0


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CheckpointSettings(_Strict):
    """Where checkpoints go. ``sign``: a command and its arguments."""

    file: Path
    sign: tuple[str, ...] = ()
    every: int = Field(default=EVERY, ge=1)
    seconds: float = Field(default=SECONDS, gt=0)


class WebhookSettings(_Strict):
    """One webhook. The secret is in a file or an environment variable, never in the configuration itself."""

    name: str = Field(min_length=1, max_length=100)
    url: str
    secret_file: Path | None = None
    secret_env: str | None = None
    events: tuple[str, ...] = EVENTS


class UpkeepSettings(_Strict):
    """``[checkpoints]`` and ``[[webhooks]]`` of a server's configuration file."""

    checkpoints: CheckpointSettings | None = None
    webhooks: tuple[WebhookSettings, ...] = ()


def read_upkeep(path: Path) -> UpkeepSettings:
    """The configuration of a server.

    Raises:
        ConfigError: it cannot be read, or has a key or value we do not know.
    """
    try:
        return UpkeepSettings(**tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        raise ConfigError(f"{path}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error


def webhook_of(settings: WebhookSettings, environment: Mapping[str, str]) -> Webhook:
    """A webhook with its secret.

    Raises:
        ConfigError: no secret is named, it is not there, or too short.
    """
    if settings.secret_file is not None:
        try:
            secret = settings.secret_file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"webhook {settings.name}: secret_file: {error}") from error
    elif settings.secret_env is not None and settings.secret_env in environment:
        secret = environment[settings.secret_env]
    else:
        raise ConfigError(f"webhook {settings.name}: name its secret: secret_file = PATH or secret_env = NAME")
    return Webhook(name=settings.name, url=settings.url, secret=secret_of(secret), events=settings.events)


class Upkeep:
    """The thread; ``with Upkeep(…):`` runs it as long as the block."""

    def __init__(
        self,
        store: Store,
        settings: UpkeepSettings | None,
        say: Callable[[str], object],
        *,
        environment: Mapping[str, str],
        send: Send = post,
        pause_s: float = PAUSE_S,
    ) -> None:
        """``say``: called with a line for whatever failed; ``environment``: where secrets of webhooks may be named."""
        chosen = settings or UpkeepSettings()
        self._tasks: list[Callable[[], object]] = [lambda: expire(store)]
        if chosen.checkpoints is not None:
            self._tasks.append(Checkpointer(store, **dict(chosen.checkpoints)).tick)
        if chosen.webhooks:
            self._tasks.append(Courier(store, [webhook_of(one, environment) for one in chosen.webhooks], send).tick)
        self._say, self._pause_s, self._stop = say, pause_s, threading.Event()
        self._thread = threading.Thread(target=self._run, name="upkeep", daemon=True)

    def __enter__(self) -> Upkeep:
        """Start."""
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        """Stop, once what is being sent is sent."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(self._pause_s):
            self.once()

    def once(self) -> None:
        """Everything once; what fails is said."""
        for task in self._tasks:
            try:
                task()
            except (TraceevalError, OSError) as error:
                self._say(f"upkeep: {error}")
