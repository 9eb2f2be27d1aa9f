"""Where a server may listen, and that it does: loopback alone until there are accounts and TLS or a proxy in front."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from traceeval.errors import ConfigError
from traceeval.review import Store
from traceeval.review.people import has_accounts
from traceeval.review.upkeep import Upkeep, UpkeepSettings
from traceeval.web import invites
from traceeval.web._lock import lock
from traceeval.web._settings import Oidc, Settings
from traceeval.web.app import make_app
from traceeval.web.roles import EVERYWHERE, Role

KEEP_ALIVE_S = 75
"""Seconds an idle connection is kept: longer than the 60 s of proxies and load balancers, so that whoever asks closes first.

A server that closes first meets the next request half-way, and the client is left to guess whether it was heard.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Where to listen. ``names``: further host names a proxy passes on; ``proxy``: addresses of the proxy in front."""

    host: str = "127.0.0.1"
    port: int = 8080
    names: tuple[str, ...] = ()
    proxy: tuple[str, ...] = ()
    cert: str | None = None
    key: str | None = None

    @property
    def secure(self) -> bool:
        """Whether browsers come by https."""
        return bool(self.cert or self.proxy)

    @property
    def hosts(self) -> tuple[str, ...]:
        """Every value of the Host header that is ours: with the port, but for names of a proxy."""
        local = ("127.0.0.1", "localhost", "[::1]") if is_loopback(self.host) else (self.host,)
        own = tuple(f"{name}:{self.port}" for name in (*local, *self.names))
        return (*own, *self.names, *(local if self.port in (80, 443) else ()))


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def require_safe(store: Store, where: Where, oidc: Oidc | None) -> None:
    """Refuse to listen to the network without accounts, and without TLS here or a proxy that has it.

    Raises:
        ConfigError: says what is missing.
    """
    if is_loopback(where.host):
        return
    if not where.secure:
        raise ConfigError(
            f"{where.host} is reachable by others: give --tls-cert and --tls-key, or --behind-proxy ADDRESS where a proxy "
            "does TLS; or bind 127.0.0.1"
        )
    if not has_accounts(store) and oidc is None:
        raise ConfigError(
            f"{where.host} is reachable by others and nobody has an account yet: serve on 127.0.0.1 first and open the "
            "setup link it prints"
        )


def require_free(where: Where) -> None:
    """Refuse an address that somebody listens on already, or that is not of this machine.

    Raises:
        ConfigError: says which.
    """
    try:
        found = socket.getaddrinfo(where.host, where.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, address = found[0]
        with socket.socket(family, kind, protocol) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(address)
    except OSError as error:
        raise ConfigError(
            f"{where.host}:{where.port} cannot be listened on: {error.strerror}; stop what listens there, or name another "
            "--port or --host"
        ) from error


def serve(
    url: str,
    where: Where,
    say: Callable[[str], object],
    *,
    oidc: Oidc | None = None,
    upkeep: UpkeepSettings | None = None,
    environment: Mapping[str, str] | None = None,
    decision: Path | None = None,
) -> None:
    """Serve until interrupted. ``say``: called with each line for whoever started it.

    ``upkeep``: where checkpoints and webhooks go; ``environment``: where secrets of webhooks may be named; ``decision``: the
    folder whose decision to release goes into the audit pack.

    Raises:
        ConfigError: it may not or cannot listen there, or another server has the file.
    """
    import uvicorn

    held = lock(url)
    store = Store(url)
    try:
        require_safe(store, where, oidc)
        require_free(where)
        settings = Settings(hosts=where.hosts, port=where.port, secure=where.secure, oidc=oidc, decision=decision)
        app, keeping = make_app(store, settings), Upkeep(store, upkeep, say, environment=environment or {})
        for line in greeting(store, where):
            say(line)
        with keeping:
            uvicorn.run(
                app,
                host=where.host,
                port=where.port,
                log_level="warning",
                access_log=False,
                server_header=False,
                proxy_headers=bool(where.proxy),
                forwarded_allow_ips=",".join(where.proxy) or None,
                ssl_certfile=where.cert,
                ssl_keyfile=where.key,
                timeout_keep_alive=KEEP_ALIVE_S,
                timeout_graceful_shutdown=5,
            )
    finally:
        store.close()
        if held is not None:
            held.close()


def greeting(store: Store, where: Where) -> list[str]:
    """Where it is; and, before there is any account, the one-time link that makes the first."""
    address = (
        f"{'https' if where.secure else 'http'}://{where.names[0] if where.names else f'{where.host}:{where.port}'}"
    )
    lines = [f"serving {store} at {address}/ (stop with Ctrl+C)"]
    if not has_accounts(store):
        secret = invites.invite(store, project=EVERYWHERE, roles=(Role.ADMIN.value,))
        lines.append(f"nobody has an account yet; make the first, once: {address}/auth/setup?token={secret}")
    return lines
