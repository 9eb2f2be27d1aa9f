"""What ``traceeval judge ask`` reads and writes: rows with texts, prompts, and a file of verdicts that only grows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from traceeval.cli._people import numbered_lines
from traceeval.cli._progress import counted_progress
from traceeval.errors import ConfigError

if TYPE_CHECKING:
    from traceeval.judge import Judges
    from traceeval.judge.probing import Judge, Question, Wordings
    from traceeval.model import JudgeRow, PeopleRow


@dataclass(slots=True, kw_only=True)
class Asked:
    """How a round of questions ended. ``stood``: verdicts found in the file; ``failed``: code -> questions without an answer.

    ``unread``: replies that hold no verdict and are kept as such, of those that stood too. ``usd``: spent in this round at
    the policy's prices.
    """

    judge: str
    prompt: str
    questions: dict[str, int]
    stood: int
    answered: int = 0
    unread: int = 0
    failed: dict[str, int] = field(default_factory=dict)
    usd: float = 0.0
    why: str = ""


def read_shown(path: str) -> list[PeopleRow]:
    """What people settled, with the texts they settled it on.

    Raises:
        ConfigError: a row without what is needed to ask, or two of one thing; says the file and the line.
    """
    from traceeval.model import PeopleRow

    lines = numbered_lines(path, PeopleRow)
    if not lines:
        raise ConfigError(f"{path}: no rows; `traceeval schema people` prints the form of a line")
    plain = {(row.subject, row.criterion) for _, row in lines if not row.probe}
    seen: dict[tuple[str, str, str], int] = {}
    for number, row in lines:
        key = (row.subject, row.criterion, row.probe)
        why = _wrong(row, plain)
        if key in seen:
            why = f"{row.subject} {row.criterion or 'preference'}: already settled in line {seen[key]}; keep one row"
        elif row.rubric != lines[0][1].rubric:
            why = f"rubric {row.rubric!r} after {lines[0][1].rubric!r}: a judge is measured on one; use a file for each"
        if why:
            raise ConfigError(f"{path}:{number}: {why}")
        seen[key] = number
    return [row for _, row in lines]


def _wrong(row: PeopleRow, plain: set[tuple[str, str]]) -> str:
    """Why nothing can be asked about a row; empty where it can."""
    if (row.mark is None) == (row.preference is None):
        return "people settled a mark or a preference: give one of them"
    needed = 1 if row.preference is None else 2
    if row.probe not in ("", "refused"):
        return f"probe {row.probe!r}: of people's rows only 'refused' is one; the others are made here"
    if row.probe and (row.subject, row.criterion) not in plain:
        return f"{row.subject}: a refusal of something that has no row of its own; add it"
    if row.probe and not row.outputs:
        return ""
    if len(row.outputs) != needed or not all(map(str.strip, row.outputs)):
        kind = "one for a mark" if needed == 1 else "a's and b's for a preference"
        return f"outputs: {len(row.outputs)} given; a judge needs the texts: {kind}, none of them empty"
    if not row.probe and not row.question.strip():
        return "question: empty; a judge needs what was asked"
    return ""


def read_wordings(prompt: str | None, framings: Sequence[str]) -> Wordings:
    """The judge's own prompt with its other wordings, ``NAME=FILE`` each; without a prompt, those that ship.

    Raises:
        ConfigError: no such file, an empty one, or a wording without a name.
    """
    from traceeval.judge import Prompt
    from traceeval.judge.probing import ASKED, PROMPT, Wordings, own_wordings

    named = [one.partition("=") for one in framings]
    if wrong := next(
        (text for text, (name, _, file) in zip(framings, named, strict=True) if not name or not file), None
    ):
        raise ConfigError(f"--framing {wrong}: give NAME=FILE, a prompt in other words")
    own = own_wordings()
    others = {name: Prompt(PROMPT, _text(file)) for name, _, file in named}
    if len(others) < len(named) or {f"framed:{name}" for name in others} & {*ASKED["framing"]}:
        raise ConfigError(f"--framing: two wordings of one name; {', '.join(ASKED['framing'])} is one that ships")
    if prompt is None:
        return Wordings(own.plain, {**own.others, **others})
    return Wordings(Prompt(PROMPT, _text(prompt)), others)


def _text(path: str) -> str:
    try:
        found = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: {error}") from error
    if not found.strip():
        raise ConfigError(f"{path}: an empty prompt")
    return found


def standing(path: Path, judge: Judge, rubric: str) -> list[JudgeRow]:
    """The verdicts a file already holds. A last line that was cut off is taken away: it is asked again.

    Raises:
        ConfigError: they are of another judge, prompt or rubric, or no verdicts at all; the file is left as it is.
    """
    from traceeval.model import JudgeRow

    if not path.parent.is_dir():
        raise ConfigError(f"{path}: there is no folder {path.parent}; make it")
    if not path.exists():
        return []
    content = path.read_bytes()
    whole = content.rfind(b"\n") + 1
    lines = numbered_lines(str(path), JudgeRow, content[:whole])
    for number, row in lines:
        told, now = (row.judge, row.prompt, row.rubric), (judge.model, judge.prompt.sha, rubric)
        if told != now:
            raise ConfigError(
                f"{path}:{number}: a verdict of judge, prompt and rubric {told}, and asked is {now}; name another file"
            )
    if whole < len(content):
        click.echo(f"traceeval: {path}: the last line was cut off and is asked again", err=True)
        with path.open("r+b") as file:
            file.truncate(whole)
    return [row for _, row in lines]


def ask_all(
    asked: Sequence[Question], stands: Iterable[JudgeRow], judge: Judge, judges: Judges, out: Path, *, show: bool
) -> Asked:
    """Ask what does not stand yet, and add each verdict to the file as it comes."""
    import msgspec

    from traceeval.judge.probing import ask

    done = {(row.subject, row.criterion, row.probe): _unread(row) for row in stands}
    open_ = [question for question in asked if question.key not in done]
    told = Asked(
        judge=judge.model,
        prompt=judge.prompt.sha,
        questions=dict(Counter(question.probe or "plain" for question in asked)),
        stood=len(asked) - len(open_),
        unread=sum(done.get(question.key, False) for question in asked),
    )
    failed: Counter[str] = Counter()
    with judges, out.open("ab") as file, counted_progress("judge", "verdicts", show=show) as progress:
        progress(told.stood, len(asked))
        for found in ask(open_, judge, judges) if open_ else ():
            if isinstance(found, str):
                failed[found] += 1
                continue
            file.write(msgspec.json.encode(found) + b"\n")
            file.flush()
            told.answered += 1
            told.unread += _unread(found)
            progress(told.stood + told.answered, len(asked))
        told.why = "; ".join(endpoint.down for endpoint in judges.endpoints if endpoint.down)
    told.failed, told.usd = dict(failed), judges.budget.spent
    return told


def _unread(row: JudgeRow) -> bool:
    """Whether a reply held no verdict."""
    return row.mark is None and row.preference is None


def asked_lines(told: Asked) -> Iterator[str]:
    """What was asked and what came of it, for people to read."""
    parts = ", ".join(f"{probe} {count}" for probe, count in told.questions.items())
    yield f"{told.judge} under prompt {told.prompt}: {sum(told.questions.values())} questions ({parts})"
    yield f"{told.answered} answered now, {told.stood} stood in the file"
    yield f"{told.unread} of the replies could not be read: they stand there without a verdict"
    for code, count in sorted(told.failed.items()):
        reason = "the budget did not allow it" if code == "budget" else told.why or "the endpoint gave no answer"
        yield f"{count} without an answer: {reason}; the same command again asks only these"
