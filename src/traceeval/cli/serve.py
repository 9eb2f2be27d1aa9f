"""``traceeval serve``: the pages people judge on, and the same as JSON."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from traceeval.cli._failures import exits, printable
from traceeval.cli.review import DEFAULT_QUEUE
from traceeval.errors import ConfigError

if TYPE_CHECKING:
    from traceeval.web import Oidc


@click.command()
@click.option("--queue", "url", envvar="TRACEEVAL_QUEUE", default=DEFAULT_QUEUE, show_default=True, metavar="URL")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8080, show_default=True, type=click.IntRange(1, 65535))
@click.option("--allow-host", "names", multiple=True, metavar="NAME", help="A host name browsers use for this server.")
@click.option(
    "--behind-proxy", "proxy", multiple=True, metavar="ADDRESS", help="A proxy in front does TLS, from there."
)
@click.option("--tls-cert", "cert", type=click.Path(exists=True, dir_okay=False), help="Certificate chain, PEM.")
@click.option("--tls-key", "key", type=click.Path(exists=True, dir_okay=False), help="Its key, PEM.")
@click.option("--oidc-issuer", metavar="URL", help="Sign in by OpenID Connect (extra `oidc`).")
@click.option("--oidc-client", metavar="ID", envvar="TRACEEVAL_OIDC_CLIENT")
@click.option("--oidc-redirect", metavar="URL", help="Our own address, ending in /auth/callback, as registered there.")
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    help="TOML: [checkpoints] that leave the database, [[webhooks]] that are told.",
)
@click.option(
    "--decision",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="What `traceeval decide --out` writes: it goes into the audit pack.",
)
@exits
def command(
    url: str,
    host: str,
    port: int,
    names: tuple[str, ...],
    proxy: tuple[str, ...],
    cert: str | None,
    key: str | None,
    oidc_issuer: str | None,
    oidc_client: str | None,
    oidc_redirect: str | None,
    config: Path | None,
    decision: Path | None,
) -> None:
    """Serve the review pages and the JSON API.

    On 127.0.0.1 it prints a one-time link that makes the first account. Elsewhere it asks for accounts, and for TLS
    here (--tls-cert, --tls-key) or at a proxy (--behind-proxy). The secret of OpenID Connect is read from
    TRACEEVAL_OIDC_SECRET.
    """
    import os

    from traceeval.review.upkeep import read_upkeep
    from traceeval.web.serving import Where, serve

    if bool(cert) != bool(key):
        raise ConfigError("TLS needs both --tls-cert and --tls-key")
    where = Where(host=host, port=port, names=names, proxy=proxy, cert=cert, key=key)
    upkeep = read_upkeep(config) if config else None
    oidc = _oidc(oidc_issuer, oidc_client, oidc_redirect)
    serve(url, where, _say, oidc=oidc, upkeep=upkeep, environment=os.environ, decision=decision)


def _say(line: str) -> None:
    click.echo(printable(line))


def _oidc(issuer: str | None, client: str | None, redirect: str | None) -> Oidc | None:
    """The provider, once all of it is given."""
    import os

    from traceeval.web import Oidc

    if issuer is None:
        return None
    secret = os.environ.get("TRACEEVAL_OIDC_SECRET")
    if not client or not redirect or not secret:
        raise ConfigError(
            "OpenID Connect needs --oidc-client, --oidc-redirect and TRACEEVAL_OIDC_SECRET beside its issuer"
        )
    return Oidc(issuer=issuer, client_id=client, client_secret=secret, redirect=redirect)
