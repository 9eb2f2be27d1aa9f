"""What fills queues beside ``queue draw``: pairs, documents to grade, gold that experts made; and who can judge what."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Literal

import click
import msgspec

from traceeval.cli._failures import exits
from traceeval.cli._people import lines_of, read_lines
from traceeval.cli.review import DEFAULT_QUEUE
from traceeval.errors import ConfigError
from traceeval.model import Trace
from traceeval.review import Originals, Store

_url = click.option("--queue", "url", envvar="TRACEEVAL_QUEUE", default=DEFAULT_QUEUE, show_default=True, metavar="URL")
_name = click.option("--name", required=True, help="Which queue of the database.")
_seed = click.option("--seed", default="0", show_default=True, help="The same seed draws the same.")
_from = click.option("--from", "format", metavar="NAME", help="The format of the traces; recognised when missing.")
_lang = click.option("--lang", help="The language all these traces are in (BCP 47).")
tag_field = click.option(
    "--tag-field", metavar="FIELD", help="Where their metadata states the speciality it takes to judge them."
)
warn_field = click.option(
    "--warn-field", metavar="FIELD", help="Where their metadata states harmful content that people may opt out of."
)


@click.command("pairs")
@click.argument("base", metavar="BASE")
@click.argument("head", metavar="HEAD")
@_url
@_name
@click.option(
    "--budget", type=click.IntRange(1), metavar="N", help="Pairs, on average; default: the queue's own, or all."
)
@_seed
@_lang
@click.option("--lang-field", metavar="FIELD", help="Where the metadata of both states it, e.g. language.")
@tag_field
@warn_field
@click.option(
    "--author-field",
    metavar="FIELD",
    help="Where that of both states the handles of who wrote them, and never judge them.",
)
@click.option("--originals", metavar="URL", help="Keep unredacted texts in this store.")
@_from
@exits
def pairs_(
    base: str,
    head: str,
    url: str,
    name: str,
    budget: int | None,
    seed: str,
    lang: str | None,
    lang_field: str | None,
    tag_field: str | None,
    warn_field: str | None,
    author_field: str | None,
    originals: str | None,
    format: str | None,
) -> None:
    """Draw pairs into a queue that compares: what the systems behind the traces of BASE and HEAD said to one question.

    Responses are paired by scenario, else by question. Which stands left, and which system it is, reviewers are not told.
    """
    from traceeval.adapters import read
    from traceeval.cli._stdin import reopenable
    from traceeval.review.pairing import enqueue_pairs
    from traceeval.run import stated_authors, stated_tag, stated_warnings

    kept = None if originals is None else Originals(originals)
    with reopenable((base, head)) as files:
        found = enqueue_pairs(
            Store(url, create=False),
            name,
            *(partial(read, [file], format=format) for file in files),
            budget=budget,
            seed=seed,
            lang=_stated(lang, lang_field),
            tag=lambda trace: stated_tag(trace, tag_field),
            warnings=lambda trace: stated_warnings(trace, warn_field),
            authors=lambda trace: stated_authors(trace, author_field),
            keep=None if kept is None else kept.keep,
        )
    click.echo(f"queue {name}: {found.drawn} of {found.frame} pairs drawn; {found.added} new")
    if author_field is not None:
        click.echo(f"authors are stated of {found.authored} of {found.frame} pairs; they never judge those")
    if found.mixed:
        click.echo(f"{found.mixed} pairs are of responses in two languages: whoever compares those needs both")
    left = (
        (found.single, "responses to a question that only one system answered"),
        (found.same, "pairs of one and the same response"),
        (found.other, "pairs in no language of the queue"),
    )
    for count, what in left:
        if count:
            click.echo(f"no part of the frame: {count} {what}")


def _stated(lang: str | None, field: str | None) -> Callable[[Trace], str | None]:
    from traceeval.run import stated_language

    return lambda trace: lang or stated_language(trace, field)


@click.command("pool")
@click.argument("paths", nargs=-1, required=True, metavar="RUN...")
@_url
@_name
@click.option("--depth", type=click.IntRange(1), default=10, show_default=True, help="Documents of each search.")
@click.option(
    "--share", type=click.FloatRange(0, 1, min_open=True), default=1.0, show_default=True, help="Of the pool, to grade."
)
@click.option("--questions", metavar="FILE", help="JSON object of question id -> text, e.g. of TREC topics.")
@click.option("--documents", metavar="FILE", help="JSON lines of id (or _id) and text, where the runs hold none.")
@_seed
@_lang
@tag_field
@warn_field
@_from
@exits
def pool_(
    paths: tuple[str, ...],
    url: str,
    name: str,
    depth: int,
    share: float,
    questions: str | None,
    documents: str | None,
    seed: str,
    lang: str | None,
    tag_field: str | None,
    warn_field: str | None,
    format: str | None,
) -> None:
    """Pool what searches of RUNs found, and draw documents for experts to grade, into a queue of mode relevance.

    RUN: traces with retrievals, or a TREC run; each is a run of its own. `traceeval queue export` writes what was graded.
    """
    from traceeval.adapters import read
    from traceeval.cli._stdin import reopenable
    from traceeval.review.pooling import searched
    from traceeval.review.relevance import enqueue_pool
    from traceeval.run import stated_tag, stated_warnings

    with reopenable(paths) as files:
        runs = {path: partial(read, [file], format=format) for path, file in zip(paths, files, strict=True)}
        found = searched(
            runs,
            texts_by_id(questions),
            _documents(documents),
            depth,
            tag=lambda trace: stated_tag(trace, tag_field),
            warnings=lambda trace: stated_warnings(trace, warn_field),
        )
    langs = dict.fromkeys(found.questions, lang) if lang else {}
    added = enqueue_pool(
        Store(url, create=False),
        name,
        found.pooled,
        questions=found.questions,
        documents=found.documents,
        share=share,
        seed=seed,
        langs=langs,
        tags=found.tags,
        warnings=found.warnings,
    )
    asked = len({one.question for one in found.pooled})
    click.echo(f"queue {name}: a pool of {len(found.pooled)} documents for {asked} questions; {added} new to grade")


def texts_by_id(file: str | None) -> dict[str, str]:
    """A JSON object of id -> text; none named: empty."""
    if file is None:
        return {}
    try:
        return msgspec.json.decode(Path(file).read_bytes(), type=dict[str, str])
    except (OSError, msgspec.MsgspecError) as error:
        raise ConfigError(f"--questions {file}: {error}; write an object of question id -> text") from error


class _Document(msgspec.Struct, frozen=True):
    """A line of a corpus, ours or BEIR's."""

    text: str
    id: str | None = None
    _id: str | None = None
    title: str = ""


def _documents(file: str | None) -> Iterator[tuple[str, str]]:
    for one in lines_of(file, _Document) if file else ():
        name = one.id or one._id
        if not name:
            raise ConfigError(f'{file}: a document without an id; write {{"id": …, "text": …}}')
        yield name, f"{one.title}\n{one.text}".strip()


class Known(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line of ``queue gold --marks``: the marks experts agreed on for a trace; ``made_by`` are never shown it."""

    trace: str
    marks: dict[str, int]
    flags: tuple[str, ...] = ()
    made_by: tuple[str, ...] = ()


@click.command("gold")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--as", "handle", required=True, metavar="HANDLE", help="Who you are; it goes on record.")
@_url
@_name
@click.option(
    "--marks", "file", required=True, metavar="FILE", help='JSON lines: {"trace": id, "marks": {criterion: 1..5}, ...}.'
)
@click.option("--to", "purpose", type=click.Choice(["hidden", "qualification"]), default="hidden", show_default=True)
@_lang
@click.option("--tag", help="The speciality it takes to judge them.")
@warn_field
@_from
@exits
def gold_(
    paths: tuple[str, ...],
    handle: str,
    url: str,
    name: str,
    file: str,
    purpose: Literal["hidden", "qualification"],
    lang: str | None,
    tag: str | None,
    warn_field: str | None,
    format: str | None,
) -> None:
    """Make gold of traces whose right marks are known: to qualify on, or hidden among a queue's slots.

    A line may also hold `flags`, and `made_by`: who agreed on the marks, and is never shown that trace. Traces without a
    line are left out. Gold of pairs comes from `traceeval queue promote`.
    """
    from traceeval.adapters import read
    from traceeval.review.calibration import subjects_from
    from traceeval.review.desk import queues
    from traceeval.review.gold import GoldItem, add_gold, gold_items
    from traceeval.review.pairs import PAIR_MODES
    from traceeval.run import stated_warnings

    store = Store(url, create=False)
    if any(row.name == name and row.mode in PAIR_MODES for row in queues(store)):
        raise ConfigError(f"queue {name!r} compares: make gold of its adjudicated items (`traceeval queue promote`)")
    known = {one.trace: one for one in read_lines(file, Known)}
    traces = {trace.id: trace for trace in read(paths, format=format) if trace.id in known}
    if missing := [one for one in known if one not in traces]:
        raise ConfigError(
            f"{file}: {len(missing)} of {len(known)} traces are not in the files named, {missing[0]!r} first"
        )
    subjects = subjects_from(
        store, name, (traces[one] for one in known), warnings=lambda trace: stated_warnings(trace, warn_field)
    )
    golds = [
        GoldItem(
            subject=subject, marks=one.marks, flags=one.flags, made_by=one.made_by, purpose=purpose, lang=lang, tag=tag
        )
        for subject, one in zip(subjects, known.values(), strict=True)
    ]
    before = gold_items(store, name, [one.sha256 for one in subjects])
    click.echo(f"queue {name}: {add_gold(store, name, handle, golds)} of {len(golds)} traces are new gold ({purpose})")
    if before:
        click.echo(
            f"{len(before)} were gold before and stand as they were, in marks, purpose, language and speciality (items "
            f"{', '.join(map(str, before))}): `traceeval queue retire ITEM` takes a wrong one out for good; make gold of "
            "other traces in its place, or of these in another queue"
        )


@click.command("person")
@click.argument("person", metavar="HANDLE")
@click.option("--as", "handle", required=True, metavar="HANDLE", help="Who you are; it goes on record.")
@_url
@click.option("--lang", "langs", multiple=True, help="A language they judge (BCP 47, or de:C1); repeatable.")
@click.option("--tag", "tags", multiple=True, help="A speciality of theirs; repeatable.")
@exits
def person_(person: str, handle: str, url: str, langs: tuple[str, ...], tags: tuple[str, ...]) -> None:
    """State what HANDLE can judge: all their languages and specialities, in place of those stated before."""
    from traceeval.review.abilities import set_abilities

    set_abilities(Store(url, create=False), person, handle, langs=langs, tags=tags)
    click.echo(f"{person}: languages {', '.join(langs) or 'none'}; specialities {', '.join(tags) or 'none'}")
