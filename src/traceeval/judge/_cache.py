"""Answers by the hash of their question, in one SQLite file. Failures are never stored, keys never known here."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

from traceeval.errors import ConfigError
from traceeval.judge._request import Reply

_SCHEMA = """
CREATE TABLE IF NOT EXISTS reply (
  key TEXT PRIMARY KEY, model TEXT NOT NULL, prompt TEXT NOT NULL, text TEXT NOT NULL,
  tokens_in INTEGER, tokens_out INTEGER, at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
) WITHOUT ROWID
"""


class Cache:
    """``path``: a file, made when missing; None: lives as long as the process needs it, on disk if it grows."""

    def __init__(self, path: str | None) -> None:
        self.hits = 0
        self._lock = threading.Lock()
        try:
            if path:
                Path(path).parent.mkdir(parents=True, exist_ok=True)
            self._base = sqlite3.connect(path or "", timeout=30, check_same_thread=False, isolation_level=None)
            self._base.execute("PRAGMA journal_mode=WAL")
            self._base.execute("PRAGMA synchronous=NORMAL")
            self._base.execute(_SCHEMA)
        except (sqlite3.Error, OSError) as error:
            raise ConfigError(f"--judge-cache {path}: {error}; name a file that can be written") from error

    def get(self, key: str) -> Reply | None:
        """The stored reply."""
        with self._lock:
            row = self._base.execute("SELECT text, tokens_in, tokens_out FROM reply WHERE key = ?", (key,)).fetchone()
            if row is None:
                return None
            self.hits += 1
        return Reply(text=row[0], tokens_in=row[1], tokens_out=row[2])

    def put(self, key: str, model: str, prompt: str, reply: Reply) -> None:
        """Keep a reply; the first one stands."""
        row = (key, model, prompt, reply.text, reply.tokens_in, reply.tokens_out)
        with self._lock:
            self._base.execute(
                "INSERT OR IGNORE INTO reply (key, model, prompt, text, tokens_in, tokens_out) VALUES (?, ?, ?, ?, ?, ?)",
                row,
            )

    def close(self) -> None:
        """Let the file go."""
        self._base.close()
