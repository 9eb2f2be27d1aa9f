"""Options about judges: which checkers decide, and how models may be asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from traceeval.cli._config import Config

if TYPE_CHECKING:
    from traceeval.judge import JudgeSettings
    from traceeval.model import Policy

F = TypeVar("F", bound=Callable[..., Any])
DEFAULT_CACHE = ".traceeval_cache/judge.db"

_DECIDING = (
    click.option(
        "--checker",
        "checkers",
        multiple=True,
        metavar="NAME[:KEY=VALUE,...]",
        help="Who decides claims, in order: lexical, nli:path=DIR, openai:model=NAME. Default: lexical.",
    ),
    click.option(
        "--calibration", envvar="TRACEEVAL_CALIBRATION", metavar="FILE", help="What `traceeval calibrate fit` wrote."
    ),
)
_ASKING = (
    click.option("--judge-cache", metavar="FILE", help=f"Replies of models; default: {DEFAULT_CACHE}. '-': none."),
    click.option("--judge-concurrency", type=click.IntRange(1), metavar="N", help="Per endpoint; default: 8."),
    click.option("--judge-rpm", type=click.IntRange(1), metavar="N", help="Requests per minute; default: no limit."),
    click.option("--judge-key-env", metavar="NAME", help="Variable that holds the key; default: OPENAI_API_KEY."),
    click.option("--max-judge-calls", type=click.IntRange(0), metavar="N", help="Stop asking models after N calls."),
    click.option("--max-judge-usd", type=click.FloatRange(0), metavar="USD", help="Stop before this is spent."),
)


def judge_options(command: F) -> F:
    """Add the options to a command; it gets them as keyword arguments."""
    return _with(asking_options(command), _DECIDING)


def asking_options(command: F) -> F:
    """Those about how a model may be asked, whatever it is asked for."""
    return _with(command, _ASKING)


def _with(command: F, options: Sequence[Callable[[F], F]]) -> F:
    for option in reversed(options):
        command = option(command)
    return command


def judge_settings(given: dict[str, Any], options: Config, policy: Policy) -> JudgeSettings:
    """Flags over configuration over defaults; prices are those of the policy file."""
    from traceeval.judge import JudgeSettings

    def pick(name: str, default: Any = None) -> Any:
        return next((v for v in (given[name], getattr(options, name)) if v is not None), default)

    cache = pick("judge_cache", DEFAULT_CACHE)
    return JudgeSettings(
        cache=None if cache == "-" else cache,
        concurrency=pick("judge_concurrency", 8),
        per_minute=pick("judge_rpm"),
        max_calls=pick("max_judge_calls"),
        max_usd=pick("max_judge_usd"),
        prices=policy.prices,
        key_env=pick("judge_key_env", "OPENAI_API_KEY"),
    )
