"""Reviewers over HTTP, as real clients are: claim, submit, and repeat with the same key until there is an answer.

Everything they are told is written down, and judged afterwards by what must never happen.
"""

from __future__ import annotations

import http.client
import json
import math
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from concurrent.futures import Future
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

TIMEOUT_S = 60.0
PAUSE_S = 0.2
SILENT_S = 300.0
QUIET = 3  # times in a row that nobody holds anything: what others were claiming that moment may still come back
BUSY = frozenset({500, 502, 503, 507})


@dataclass(slots=True)
class Taken:
    """A lease as its holder was told: asked at ``asked``, answered at ``told``, live until it was ``given`` or ran out."""

    slot: str
    item: str
    fence: int
    who: str
    asked: float
    told: float
    until: float
    given: float | None = None


@dataclass(slots=True)
class History:
    """What all clients were told."""

    taken: list[Taken] = field(default_factory=list)
    verdicts: dict[str, str] = field(default_factory=dict)  # slot -> verdict, acknowledged
    criteria: list[str] = field(default_factory=list)
    stolen: int = 0  # leases that were refused at submit although they had not run out
    twice: int = 0  # a slot acknowledged under two names
    repeated: int = 0  # requests that had to be sent again: no answer, or 5xx
    latencies: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    halt: threading.Event = field(default_factory=threading.Event)  # something failed: everybody stops

    def acknowledge(self, slot: str, verdict: str, seconds: float) -> None:
        """A submit was answered with its verdict."""
        with self.lock:
            self.latencies.append(seconds)
            self.twice += self.verdicts.setdefault(slot, verdict) != verdict

    def stop(self, job: Future[Any]) -> None:
        """Everybody stops when a job ended with an error."""
        if job.exception() is not None:
            self.halt.set()

    @property
    def double_leases(self) -> int:
        """Leases that were given while another person's on the same slot was live, or under a fence used before.

        Whoever submits at once leaves no time in which that is seen from outside; but then somebody's lease is refused
        before it ran out, which counts too.
        """
        by_slot = defaultdict(list)
        for one in self.taken:
            by_slot[one.slot].append(one)
        seen = sum(_overlap(first, second) for held in by_slot.values() for first, second in _pairs(held))
        return seen + self.stolen

    @property
    def same_person_twice(self) -> int:
        """People who were given two slots of one item."""
        slots = defaultdict(set)
        for one in self.taken:
            slots[one.who, one.item].add(one.slot)
        return sum(len(held) - 1 for held in slots.values())

    def p99_ms(self) -> float | None:
        """99th percentile of answered submits, in milliseconds."""
        ordered = sorted(self.latencies)
        return round(ordered[int(0.99 * (len(ordered) - 1))] * 1000, 1) if ordered else None


def _pairs(held: list[Taken]) -> Iterable[tuple[Taken, Taken]]:
    ordered = sorted(held, key=lambda one: one.told)
    return ((first, second) for at, first in enumerate(ordered) for second in ordered[at + 1 :])


def _overlap(first: Taken, second: Taken) -> bool:
    """Whether the second was given while the first was surely live: asked after it was told, answered before its end."""
    if first.who == second.who:
        return False
    end = min(first.until, first.given if first.given is not None else first.until)
    return first.fence == second.fence or (second.asked > first.told and second.told < end)


class Client:
    """One connection that is kept, and made anew when it breaks."""

    def __init__(self, address: str, token: str, halt: threading.Event) -> None:
        """``address``: ``http://host:port``; ``halt``: once set, nothing is asked again."""
        self._at, self._token, self._halt = urlsplit(address), token, halt
        self._connection: http.client.HTTPConnection | None = None
        self.repeated = 0

    def post(self, path: str, body: Mapping[str, Any], key: str | None = None) -> tuple[int, dict[str, Any]]:
        """Status and answer of one request.

        Raises:
            OSError: the server could not be asked, or died before it answered.
        """
        headers = {"authorization": f"Bearer {self._token}", "content-type": "application/json"}
        if key is not None:
            headers["idempotency-key"] = key
        kind = http.client.HTTPSConnection if self._at.scheme == "https" else http.client.HTTPConnection
        try:
            if self._connection is None:
                self._connection = kind(str(self._at.hostname), self._at.port, timeout=TIMEOUT_S)
            self._connection.request("POST", f"/api/v1{path}", json.dumps(body), headers)
            answer = self._connection.getresponse()
            return answer.status, json.loads(answer.read() or b"{}")
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.close()
            raise ConnectionError(str(error)) from error

    def close(self) -> None:
        """Give the connection back."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def insist(
        self, path: str, body: Mapping[str, Any], key: str | None = None
    ) -> tuple[int, dict[str, Any], float, float]:
        """The same request until it is answered: (status, answer, when the answered one was asked, when answered).

        Raises:
            ConnectionError: the server was silent for five minutes, or everybody stops.
        """
        until = time.monotonic() + SILENT_S
        while not self._halt.is_set():
            asked = time.time()
            if time.monotonic() > until:
                raise ConnectionError(f"{path}: no answer for {SILENT_S:.0f} s; is the server running?")
            try:
                status, answer = self.post(path, body, key)
            except ConnectionError:
                status, answer = 503, {}
            if status not in BUSY:
                return status, answer, asked, time.time()
            self.repeated += 1
            time.sleep(PAUSE_S)
        raise ConnectionError(f"{path}: given up, something else failed")


def review(
    address: str, token: str, who: str, queue: str, history: History, *, think_s: float = 0.0, until: float = math.inf
) -> None:
    """Judge until there is nothing left for this person. Every mark is a 5: agreement ends an item.

    ``think_s``: seconds between claim and submit; ``until``: no claim after that time of the monotonic clock.
    """
    with closing(Client(address, token, history.halt)) as client:
        while time.monotonic() < until and (taken := _take(client, who, queue, history)) is not None:
            time.sleep(think_s)
            _give(client, *taken, history)
        with history.lock:
            history.repeated += client.repeated


def _take(client: Client, who: str, queue: str, history: History) -> tuple[Taken, Mapping[str, Any]] | None:
    """The next lease, once there is one; None: nothing is left."""
    quiet = 0
    while quiet < QUIET:
        status, answer, asked, told = client.insist(f"/queues/{quote(queue, safe='')}/claim", {})
        if status != 200:
            raise RuntimeError(f"{who} cannot claim: {status} {answer}")
        lease = answer["lease"]
        if lease is not None:
            taken = Taken(lease["slot"], lease["item"], lease["fence"], who, asked, told, lease["until"])
            with history.lock:
                history.taken.append(taken)
            return taken, lease
        quiet = 0 if answer["nothing"]["leased"] else quiet + 1
        time.sleep(PAUSE_S)
    return None


def verdict(fence: int, criteria: Iterable[str]) -> dict[str, Any]:
    """What everybody says."""
    return {"fence": fence, "marks": dict.fromkeys(criteria, 5), "rationale": "because the trace shows it plainly"}


def _give(client: Client, taken: Taken, lease: Mapping[str, Any], history: History) -> None:
    history.criteria = [criterion["name"] for criterion in lease["rubric"]["criteria"]]
    body = verdict(taken.fence, history.criteria)
    taken.given = time.time()
    status, answer, asked, told = client.insist(f"/slots/{taken.slot}/submit", body, f"{taken.slot}/{taken.fence}")
    if status == 200:
        history.acknowledge(taken.slot, answer["verdict"], told - asked)
    elif status == 409:
        with history.lock:
            history.stolen += told < taken.until
    else:
        raise RuntimeError(f"slot {taken.slot}: {status} {answer}")


def replay(address: str, token: str, mine: Iterable[Taken], criteria: list[str], history: History) -> int:
    """Repeat acknowledged submits with their keys: how many are not answered by the very verdict they made."""
    lost = 0
    with closing(Client(address, token, history.halt)) as client:
        for one in mine:
            path, key = f"/slots/{one.slot}/submit", f"{one.slot}/{one.fence}"
            status, answer, _, _ = client.insist(path, verdict(one.fence, criteria), key)
            lost += status != 200 or answer["verdict"] != history.verdicts[one.slot] or not answer["replayed"]
    return lost
