"""Webhooks by an outbox: what happened is told at least once, signed, with an id that stays (review.md section 4).

The audit chain is the source: an event is copied from it to the outbox, then delivered, both outside every submit. A
message says what happened to what, never who or which marks, and carries the event's hash: each is a checkpoint too.
Messages and signatures follow the Standard Webhooks specification 1.0. URLs come from the server's configuration only.
"""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import Connection, Row, select, update

from traceeval.errors import ConfigError
from traceeval.review import schema
from traceeval.review._rows import insert_new
from traceeval.review.store import Store

EVENTS = ("decide", "reopen", "withdraw", "void", "release", "erase", "reveal")
FIRST_S, LONGEST_S = 10.0, 3600.0
TIMEOUT_S = 10.0
AT_ONCE = 500
MIN_SECRET = 16
ADDED = "webhook.added"
Send = Callable[[str, bytes, Mapping[str, str]], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """Where messages go. ``name`` stays when the address changes; ``events``: actions of the chain that are told."""

    name: str
    url: str
    secret: bytes
    events: tuple[str, ...] = EVENTS

    def __post_init__(self) -> None:
        """Refuse what could not be sent, or not be trusted.

        Raises:
            ConfigError: says what is wrong with it.
        """
        if not self.url.startswith(("https://", "http://")) or "@" in self.url:
            raise ConfigError(f"webhook {self.name}: {self.url!r} is no http(s) address without a user name")
        if len(self.secret) < MIN_SECRET:
            raise ConfigError(f"webhook {self.name}: its secret has {len(self.secret)} bytes; at least {MIN_SECRET}")


def secret_of(text: str) -> bytes:
    """A secret as people write it: ``whsec_`` and base64, or any other text as it is."""
    text = text.strip()
    return base64.b64decode(text.removeprefix("whsec_")) if text.startswith("whsec_") else text.encode()


def signature(secret: bytes, id: str, timestamp: int, body: bytes) -> str:
    """HMAC-SHA256 over id, time and body, as Standard Webhooks write it."""
    signed = f"{id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(secret, signed, sha256)).decode()


def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """Send it; the status. Redirects are not followed: the address is the one of the configuration.

    Raises:
        OSError: nobody answered in time.
    """
    import httpx

    try:
        return httpx.post(url, content=body, headers=dict(headers), timeout=TIMEOUT_S).status_code
    except httpx.HTTPError as error:
        raise OSError(f"{type(error).__name__}: {error}") from error


class Courier:
    """Copies events to the outbox and delivers what is due; call `tick` every few seconds, from one place."""

    def __init__(self, store: Store, hooks: Sequence[Webhook], send: Send = post) -> None:
        """``hooks``: from the server's configuration. A new one is told of what happens from now on."""
        self._store, self._hooks, self._send = store, {hook.name: hook for hook in hooks}, send
        self._seen: dict[str, int] = {}

    def tick(self) -> int:
        """How many messages were delivered now."""
        for hook in self._hooks.values():
            while self._fill(hook) == AT_ONCE:
                pass
        return sum(self._deliver(row) for row in self._due())

    def _fill(self, hook: Webhook) -> int:
        """Copy the next events of the chain; how many were looked at."""
        seen, rows = self._store.transact(lambda connection: self._copy(connection, hook))
        self._seen[hook.name] = seen  # what it does not know after a restart, it looks at again
        return rows

    def _copy(self, connection: Connection, hook: Webhook) -> tuple[int, int]:
        now, event = self._store.now(connection), schema.audit_event
        start = self._seen.get(hook.name, _last(connection, hook.name))
        if start is None:
            head = connection.execute(select(schema.audit_head)).one()
            _put(connection, hook, [_message(ADDED, "", now, head.seq, head.hash)], now)
            return head.seq, 0
        rows = connection.execute(select(event).where(event.c.seq > start).order_by(event.c.seq).limit(AT_ONCE)).all()
        bodies = [(row, json.loads(row.body)) for row in rows]
        told = [
            _message(body["action"], body["object"], body["at"], row.seq, row.hash)
            for row, body in bodies
            if body["action"] in hook.events
        ]
        _put(connection, hook, told, now)
        return rows[-1].seq if rows else start, len(rows)

    def _due(self) -> list[Row[Any]]:
        table = schema.outbox
        with self._store.read() as connection:
            waiting = table.c.delivered_at.is_(None), table.c.next_at <= self._store.now(connection)
            return list(connection.execute(select(table).where(*waiting).order_by(table.c.id).limit(AT_ONCE)))

    def _deliver(self, row: Row[Any]) -> bool:
        """Send one message, outside any transaction, and note what came of it. Its hook may be configured no more."""
        hook = self._hooks.get(row.payload["hook"])
        with self._store.read() as connection:
            now = self._store.now(connection)
        if hook is None:
            return self._note(row, {"next_at": now + LONGEST_S, "last_error": "no such webhook is configured"})
        told = {name: value for name, value in row.payload.items() if name != "hook"}
        body = json.dumps({**told, "id": row.uuid}, sort_keys=True).encode()
        try:
            status = self._send(hook.url, body, signed_headers(hook, row.uuid, int(now), body))
        except OSError as error:
            return self._note(row, _later(row, now, str(error)))
        if 200 <= status < 300:
            return self._note(row, {"delivered_at": now, "attempts": row.attempts + 1, "last_error": None})
        return self._note(row, _later(row, now, f"status {status}"))

    def _note(self, row: Row[Any], values: dict[str, Any]) -> bool:
        changed = update(schema.outbox).where(schema.outbox.c.id == row.id).values(**values)
        self._store.transact(lambda connection: connection.execute(changed))
        return values.get("delivered_at") is not None


def _later(row: Row[Any], now: float, why: str) -> dict[str, Any]:
    """Try again, each time twice as late, at most an hour; never given up."""
    wait = min(FIRST_S * 2 ** min(row.attempts, 20), LONGEST_S)
    return {"attempts": row.attempts + 1, "next_at": now + wait, "last_error": why[:500]}


def signed_headers(hook: Webhook, id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The headers of a message, as Standard Webhooks write them."""
    return {
        "content-type": "application/json",
        "webhook-id": id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(hook.secret, id, timestamp, body),
    }


def _message(action: str, about: str, at: float, seq: int, link: str) -> dict[str, Any]:
    return {"type": action, "timestamp": at, "data": {"object": about, "seq": seq, "hash": link}}


def _last(connection: Connection, hook: str) -> int | None:
    """The last event that was copied for a webhook; None: it is new."""
    table = schema.outbox
    mine = select(table.c.payload).where(table.c.payload["hook"].as_string() == hook)
    found = connection.execute(mine.order_by(table.c.id.desc()).limit(1)).scalar()
    return None if found is None else int(found["data"]["seq"])


def _put(connection: Connection, hook: Webhook, messages: list[dict[str, Any]], now: float) -> None:
    """Add messages once, whoever else adds them: their ids follow from the event."""
    rows = [
        {
            "uuid": str(uuid5(NAMESPACE_URL, f"{hook.name}/{told['type']}/{told['data']['hash']}")),
            "event": told["type"],
            "project": _project(connection, told["data"]["object"]),
            "payload": {**told, "hook": hook.name},
            "attempts": 0,
            "created_at": now,
            "next_at": now,
        }
        for told in messages
    ]
    insert_new(connection, schema.outbox, rows)


def _project(connection: Connection, about: str) -> str:
    """The project of what an event speaks of; empty where it belongs to none alone."""
    kind, _, number = about.partition(":")
    item, queue = schema.item, schema.queue
    if kind == "decision":
        joined = select(queue.c.project).join(item, item.c.queue_id == queue.c.id)
        joined = joined.join(schema.decision, schema.decision.c.item_id == item.c.id)
        return connection.execute(joined.where(schema.decision.c.id == int(number))).scalar() or ""
    return ""
