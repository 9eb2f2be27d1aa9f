"""What every route reaches for: the store, the settings, who may sign in."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from starlette.requests import HTTPConnection

from traceeval.review import Store
from traceeval.web._settings import Settings
from traceeval.web.accounts import Accounts
from traceeval.web.pages import script, stylesheet


@dataclass(frozen=True, slots=True)
class Site:
    """One server's state. ``versions``: digests of its stylesheet and script, so that browsers never show old ones."""

    store: Store
    settings: Settings
    accounts: Accounts
    versions: dict[str, str]


def site_of(request: HTTPConnection) -> Site:
    """The site a request came to."""
    site = request.app.state.site
    assert isinstance(site, Site)
    return site


def versions() -> dict[str, str]:
    """Digests of what is served beside the pages."""
    return {"css": _short(stylesheet()), "js": _short(script())}


def _short(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:16]
