"""One question to a model, as a value: what is asked is hashed, so that nothing is asked twice."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Generator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TypeAlias, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Prompt:
    """Instructions that ship as a file; ``sha`` names the version in every verdict they led to."""

    name: str
    text: str

    @property
    def sha(self) -> str:
        """First twelve digits of the SHA-256 of the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:12]


@cache
def load_prompt(name: str) -> Prompt:
    """The prompt of that name from ``judge/prompts``."""
    return Prompt(name, (files("traceeval.judge") / "prompts" / f"{name}.md").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A prompt and the data it is about. ``data`` and ``schema``: JSON texts; the data is untrusted."""

    prompt: Prompt
    data: str
    schema: str
    most_tokens: int = 2048

    def key(self, model: str, base_url: str) -> str:
        """What the answer depends on, and nothing else: no key, no marker, no time."""
        parts = [model, base_url, self.prompt.sha, self.data, self.schema, self.most_tokens]
        return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()

    def messages(self, marker: str) -> list[dict[str, str]]:
        """Chat messages. ``marker``: a random word the data cannot know, so that it cannot close the quotation."""
        return [
            {"role": "system", "content": self.prompt.text},
            {"role": "user", "content": f"{marker}\n{self.data}\n{marker}"},
        ]

    @property
    def size(self) -> int:
        """No tokeniser makes more tokens of the request than this: one per byte, and some for the frame."""
        return len(self.prompt.text.encode()) + len(self.data.encode()) + len(self.schema.encode()) + 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back. ``text`` None: nothing did, and ``failed`` is the code why (``budget``, ``endpoint_failed``)."""

    text: str | None
    tokens_in: int | None = None
    tokens_out: int | None = None
    failed: str = ""


Inquiry: TypeAlias = Generator[tuple[Request, ...], tuple[Reply, ...], T]
"""A checker that asks a model: yields Requests that may go out together, receives their Replies in the same order."""
