"""What a server is told at its start. Nothing here is read from a request."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

IDLE_S, ABSOLUTE_S = 30 * 60.0, 12 * 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Oidc:
    """An OpenID provider. ``issuer``: its address without ``/.well-known/…``; ``redirect``: our own, exact."""

    issuer: str
    client_id: str
    client_secret: str
    redirect: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How pages are served.

    ``hosts``: every value the Host header may have, with its port unless that is the scheme's own.
    ``secure``: TLS here or at a proxy in front: then cookies are Secure and the origin is https.
    ``decision``: the folder that ``traceeval decide --out`` writes, for the audit pack; None: there is none.
    """

    hosts: tuple[str, ...]
    port: int
    secure: bool = False
    oidc: Oidc | None = None
    idle_s: float = IDLE_S
    absolute_s: float = ABSOLUTE_S
    decision: Path | None = None

    @property
    def origins(self) -> frozenset[str]:
        """What a browser calls our own pages."""
        return frozenset(f"{'https' if self.secure else 'http'}://{host}" for host in self.hosts)

    @property
    def cookie(self) -> str:
        """Cookies ignore ports: on plain http the name tells two servers of one machine apart."""
        return "__Host-te_session" if self.secure else f"te_session_{self.port}"
