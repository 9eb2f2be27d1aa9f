"""Sign-in by an OpenID provider, by Authlib: discovery, code with PKCE, state, nonce, signature and claims of the token."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from traceeval.errors import MissingExtra, Refused
from traceeval.web._settings import Oidc

COOKIE, LIFE_S = "te_oidc", 600


def client_of(settings: Oidc) -> Any:
    """Authlib's client of the provider.

    Raises:
        MissingExtra: Authlib is not installed.
    """
    try:
        from authlib.integrations.starlette_client import OAuth
    except ImportError as error:
        raise MissingExtra("OpenID Connect needs Authlib; pip install 'traceeval[oidc]'") from error
    oauth = OAuth()
    oauth.register(
        "provider",
        client_id=settings.client_id,
        client_secret=settings.client_secret,
        server_metadata_url=f"{settings.issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid", "code_challenge_method": "S256"},
    )
    return oauth.provider


async def begin(request: Request, settings: Oidc) -> Response:
    """Send the browser to the provider; state, nonce and verifier wait in a signed cookie."""
    answer: Response = await client_of(settings).authorize_redirect(request, settings.redirect)
    return answer


async def subject(request: Request, settings: Oidc) -> str:
    """Who came back, once the provider's token holds.

    Raises:
        Refused: it does not, or the provider said no.
    """
    from authlib.integrations.base_client.errors import OAuthError
    from joserfc.errors import JoseError

    try:
        token = await client_of(settings).authorize_access_token(request)
        claims = token["userinfo"]
        issuer, sub = str(claims["iss"]), str(claims["sub"])
    except (OAuthError, JoseError, KeyError) as error:
        raise Refused("the sign-in did not hold; go back to the sign-in page and try again") from error
    if issuer.rstrip("/") != settings.issuer.rstrip("/"):
        raise Refused("the sign-in came from another provider")
    return sub
