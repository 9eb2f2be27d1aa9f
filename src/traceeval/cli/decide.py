"""``traceeval decide``: whether a version may be released, over every layer of evidence."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from traceeval.cli._failures import DONE, GATE_FAILED, UNREADABLE, exits
from traceeval.cli._report import tell
from traceeval.errors import ConfigError

_CODES = {"release": DONE, "do not release": GATE_FAILED, "not decidable": UNREADABLE}


@click.command()
@click.option("--policy", metavar="FILE", help="release.yaml; `traceeval schema release` prints its form.")
@click.option("--pack", metavar="FILE", help="Decide again on what an audit pack holds, by its policy or --policy.")
@click.option(
    "--version", "versions", multiple=True, metavar="NAME=VALUE", help="What is decided on, as evidence states it."
)
@click.option("--at", metavar="TIME", help="Count ages for this moment, ISO 8601; default: now.")
@click.option("--out", metavar="DIR", help="Write the decision, its page, its policy and its evidence.")
@click.option("--json", "json_", is_flag=True, help="Print it as JSON.")
@exits
def command(
    policy: str | None, pack: str | None, versions: tuple[str, ...], at: str | None, out: str | None, json_: bool
) -> int:
    """Answer `release`, `do not release` or `not decidable`, over benchmarks, scores, judge, people, red team, regression.

    Evidence that is missing, too old or of another version is named, and the answer is `not decidable`, whatever else
    fails. Paths are taken from here. Exit codes: 0 release, 1 do not release, 2 written wrong, 3 not decidable.
    """
    from traceeval.report import decision_lines
    from traceeval.run import decide, gather_all, load_release_policy, read_packed, write_decision

    if policy is None and pack is None:
        raise ConfigError("by what? name --policy FILE, or --pack FILE with a decision in it")
    named, moment = _named(versions), _moment(at)
    if pack is not None:
        asked, gathered = read_packed(pack, named, policy)
    else:
        asked = load_release_policy(str(policy), named)
        gathered = gather_all(asked.policy)
    found = decide(asked, gathered, at=moment)
    if out is not None:
        write_decision(Path(out), found, gathered, asked.source)
    tell(found, decision_lines, json_=json_)
    return _CODES[found.answer]


def _named(texts: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in texts:
        name, _, value = (part.strip() for part in text.partition("="))
        if not name or not value:
            raise ConfigError(f"--version {text!r}: write NAME=VALUE, e.g. release=1.4.0")
        if found.setdefault(name, value) != value:
            raise ConfigError(f"--version: {name} is both {found[name]} and {value}; one version is decided on")
    return found


def _moment(text: str | None) -> datetime:
    """The moment ages are counted for; without an offset it is UTC."""
    if text is None:
        return datetime.now(UTC)
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise ConfigError(
            f"--at {text!r}: write a day or a moment, e.g. 2026-12-01 or 2026-12-01T09:00+01:00"
        ) from error
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
