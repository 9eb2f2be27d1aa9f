"""``traceeval risk``: what people decided, turned into a level that is a probability."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

import click

from traceeval.cli._failures import exits

_RISK = "risk.jsonl"
_FIT = "\n# Written by `traceeval risk fit`"


@click.group()
def command() -> None:
    """Fit the risk of traces to decisions of people."""


@command.command("fit")
@click.option("--run", "folder", required=True, metavar="DIR", help="Output folder of `traceeval evaluate`.")
@click.option("--queue", "url", metavar="URL", help="The review queue; DIR/review.db where none is given.")
@click.option("--queue-name", default="default", show_default=True)
@click.option("--policy", "path", metavar="FILE", help="The policy of that run; the shipped one where none is given.")
@click.option("--out", required=True, metavar="FILE", help="Where the policy goes; later: evaluate --policy FILE.")
@exits
def fit_command(folder: str, url: str | None, queue_name: str, path: str | None, out: str) -> None:
    """Recalibrate levels on settled items: confirmed is what people flagged as harm or a breach.

    Under 50 labels nothing is refitted and nothing is written; from 50 slope and shift are; from 300 weights too.
    """
    from traceeval.review import Store, outcomes
    from traceeval.risk import Labelled, as_toml, fit_risk, load_policy

    policy = load_policy(path)
    recorded = _recorded(Path(folder) / _RISK)
    store = Store(url or f"sqlite:///{Path(folder) / 'review.db'}", create=False)
    try:
        rows = [
            Labelled(recorded[one.sha256], bool(one.flags), one.family, one.pi)
            for one in outcomes(store, queue_name)
            if one.sha256 in recorded
        ]
    finally:
        store.close()
    done = fit_risk(rows, policy)
    click.echo(done.why)
    if done.fit is None:
        return
    click.echo(f"p = sigmoid({done.fit.slope:.3f} * log-odds {done.fit.shift:+.3f})")
    moved = (("Brier", done.brier_before, done.brier_after), ("ECE", done.ece_before, done.ece_after))
    figures = ", ".join(f"{name} {_told(before)} -> {_told(after)}" for name, before, after in moved)
    click.echo(f"{figures}, left out by family")
    text = (
        Path(path).read_text(encoding="utf-8") if path else (files("traceeval.risk") / "policy.toml").read_text("utf-8")
    )
    Path(out).write_text(text.partition(_FIT)[0].rstrip() + "\n" + as_toml(done.fit), encoding="utf-8")


def _recorded(path: Path) -> Mapping[str, Mapping[str, float]]:
    """Subject -> rule -> log-odds, as the run wrote them.

    Raises:
        ConfigError: there is no such file.
        InputError: a line of it is none of ours.
    """
    import msgspec

    from traceeval.errors import ConfigError, InputError

    try:
        lines = path.read_bytes().splitlines()
        rows = [msgspec.json.decode(line) for line in lines]
        return {row["sha256"]: {one["rule"]: max(one["weight"], 0.0) for one in row["reasons"]} for row in rows}
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}; run `traceeval evaluate` first and name its folder") from error
    except (msgspec.DecodeError, KeyError, TypeError) as error:
        raise InputError(f"{path}: not what `traceeval evaluate` writes ({error}); run it again") from error


def _told(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.3f}"
