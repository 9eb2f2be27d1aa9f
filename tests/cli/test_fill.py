"""``traceeval queue pairs``, ``pool`` and ``gold``: queues of every mode are filled from files of traces."""

import json
import re

import msgspec
import pytest
from click.testing import CliRunner
from sqlalchemy import update

from traceeval.cli import main
from traceeval.model import System
from traceeval.review import Lease, Store, claim, export, schema
from traceeval.review.abilities import opt_out, set_abilities
from traceeval.review.people import add_person
from traceeval.testing import model, retrieval, trace, user

MARKS = ("groundedness", "tool_use", "trajectory", "safety", "accuracy")


@pytest.fixture
def run(tmp_path):
    def call(*words, code=0):
        said = CliRunner().invoke(main, [*words, "--queue", f"sqlite:///{tmp_path / 'review.db'}"])
        assert said.exit_code == code, said.output
        return said.output

    return call


@pytest.fixture
def write(tmp_path):
    def keep(name, lines):
        (tmp_path / name).write_bytes(b"".join(msgspec.json.encode(line) + b"\n" for line in lines))
        return str(tmp_path / name)

    return keep


def answered(release, questions, docs=("d1", "d2"), lang="en"):
    """What one release said to each question."""
    for n in questions:
        said = f"{release} says {n}"
        found = retrieval(*((doc, f"text of {doc}") for doc in docs), query=f"q {n}")
        one = trace(user(f"q {n}"), found, model(said), id=f"{release}-{n}", question=f"q  {n}", answer=said)
        yield msgspec.structs.replace(one, system=System(app="desk", release=release), metadata={"lang": lang})


@pytest.fixture
def versions(write):
    return write("old.jsonl", answered("1.0", range(6))), write("new.jsonl", answered("2.0", range(1, 8)))


def create(run, mode, *words):
    run("queue", "create", "--as", "lea", "--name", "q", "--mode", mode, "--gold-share", "0", "--no-watch", *words)


@pytest.mark.parametrize("mode", ["pairwise", "protocol"])
def test_a_queue_that_compares_is_filled_from_what_two_systems_answered(run, versions, mode):
    create(run, mode)
    told = run("queue", "pairs", *versions, "--name", "q")
    assert "5 of 5 pairs drawn; 5 new" in told
    assert "no part of the frame: 3 responses to a question that only one system answered" in told
    assert "5 of 5 pairs drawn; 0 new" in run("queue", "pairs", *reversed(versions), "--name", "q")
    assert "rubric" in run("review", "claim", "--name", "q", "--as", "ana")


def test_whoever_wrote_either_response_does_not_compare_the_two(run, write):
    create(run, "pairwise", "--overlap", "0")
    files = [
        write(
            f"{release}.jsonl", (msgspec.structs.replace(one, metadata={"by": who}) for one in answered(release, [n]))
        )
        for release, n, who in (("1.0", 1, "ana"), ("2.0", 1, ["ben", "cleo"]))
    ]
    told = run("queue", "pairs", *files, "--name", "q", "--author-field", "by")
    assert "authors are stated of 1 of 1 pairs; they never judge those" in told
    for who, open_ in {"ana": 0, "ben": 0, "cleo": 0, "dora": 1}.items():
        assert f"{open_} open for you" in run("review", "list", "--name", "q", "--as", who)


def test_what_people_prefer_is_told_of_the_systems_behind_the_files(run, versions):
    create(run, "pairwise", "--overlap", "0")
    run("queue", "pairs", *versions, "--name", "q")
    shown = run("review", "claim", "--name", "q", "--as", "ana", "--full")
    assert "(--prefer …)" in run("review", "submit", "--name", "q", "--as", "ana", code=2)
    left = "a" if shown.index("1.0 says") < shown.index("2.0 says") else "b"
    run("review", "submit", "--name", "q", "--as", "ana", "--prefer", left, "--rationale", "it says what was asked for")
    told = json.loads(run("preferences", "--name", "q", "--json"))
    assert "1.0" in json.dumps(told)
    assert "2.0" in json.dumps(told)


def test_a_larger_budget_only_adds_pairs(run, write):
    create(run, "pairwise")
    files = [write(f"{name}.jsonl", answered(name, range(200))) for name in ("1.0", "2.0")]
    some = int(run("queue", "pairs", *files, "--name", "q", "--budget", "60").split()[2])
    assert 40 <= some <= 80
    told = run("queue", "pairs", *files, "--name", "q", "--budget", "120").split()
    assert int(told[2]) - some == int(told[7])
    assert "rates" not in told


def test_pairs_stay_within_the_budget_and_the_languages_of_their_queue(run, write):
    create(run, "pairwise", "--lang", "de", "--budget", "5")
    base = write("a.jsonl", [*answered("1.0", range(4), lang="de"), *answered("1.0", range(4, 6))])
    head = write("b.jsonl", answered("2.0", range(6), lang="de"))
    told = run("queue", "pairs", base, head, "--name", "q", "--lang-field", "lang")
    assert "4 of 4 pairs drawn" in told
    assert "2 pairs in no language of the queue" in told
    assert "none" in run("queue", "pairs", base, head, "--name", "q", code=2)
    more = run("queue", "pairs", base, head, "--name", "q", "--lang", "de", "--budget", "6", code=2)
    assert "is for 5 items" in more


def test_pairs_of_responses_in_two_languages_are_told(run, write):
    create(run, "pairwise")
    files = [write(f"{lang}.jsonl", answered(lang, range(2), lang=lang)) for lang in ("en", "fa")]
    told = run("queue", "pairs", *files, "--name", "q", "--lang-field", "lang")
    assert "2 pairs are of responses in two languages: whoever compares those needs both" in told


def test_what_is_no_pair_is_refused_in_words(run, versions):
    create(run, "pairwise")
    assert "none is two different responses" in run("queue", "pairs", versions[0], versions[0], "--name", "q", code=2)
    create_single = ("queue", "create", "--as", "lea", "--name", "one")
    run(*create_single)
    assert "pairs are for queues of mode pairwise or protocol" in run(
        "queue", "pairs", *versions, "--name", "one", code=2
    )


def test_what_searches_found_is_pooled_graded_and_written_as_gold(run, versions):
    create(run, "relevance", "--overlap", "0")
    assert "a pool of 16 documents for 8 questions; 16 new to grade" in run("queue", "pool", *versions, "--name", "q")
    assert "0 new" in run("queue", "pool", *versions, "--name", "q")
    run("review", "claim", "--name", "q", "--as", "ana")
    run(
        "review", "submit", "--name", "q", "--as", "ana", "--mark", "relevance=4",
        "--rationale", "it answers the question plainly",
    )  # fmt: skip
    topic, _, doc, grade = run("queue", "export", "--name", "q").split()
    assert (topic[:2], doc in ("d1", "d2"), grade) == ("q-", True, "3")
    row = json.loads(run("queue", "export", "--name", "q", "--as", "gold"))
    assert row["question"].startswith("q ")
    assert row["documents"] == {doc: 3}


def test_a_trec_run_is_pooled_with_its_topics_and_its_corpus(run, tmp_path, write):
    create(run, "relevance")
    (tmp_path / "bm25.run").write_text("".join(f"t{n} Q0 d{n} 1 {9 - n} bm25\n" for n in range(5)))
    file = ("queue", "pool", str(tmp_path / "bm25.run"), "--name", "q")
    assert "5 of 5 questions have no text, 't0' first" in run(*file, code=2)
    (tmp_path / "topics.json").write_text(json.dumps({f"t{n}": f"question {n}" for n in range(5)}))
    assert "give --documents FILE" in run(*file, "--questions", str(tmp_path / "topics.json"), code=2)
    corpus = write("corpus.jsonl", ({"_id": f"d{n}", "title": "On", "text": f"text {n}"} for n in range(5)))
    texts = ("--questions", str(tmp_path / "topics.json"), "--documents", corpus)
    assert "a pool of 5 documents for 5 questions; 5 new" in run(*file, *texts)
    assert "text" in run("review", "claim", "--name", "q", "--as", "ana")


def known(n, **more):
    return {"trace": f"1.0-{n}", "marks": dict.fromkeys(MARKS, 5), **more}


def test_people_qualify_on_gold_that_was_read_from_a_file(run, write, tmp_path):
    create(run, "single", "--qualified")
    store = Store(f"sqlite:///{tmp_path / 'review.db'}")
    for who in ("ana", "cleo"):
        add_person(store, who, "lea", langs=("en",))
    traces = write("gold.jsonl", answered("1.0", range(25)))
    marks = write("marks.jsonl", (known(n, made_by=["cleo"]) for n in range(20)))
    order = (
        "queue",
        "gold",
        traces,
        "--as",
        "lea",
        "--name",
        "q",
        "--marks",
        marks,
        "--to",
        "qualification",
        "--lang",
        "en",
    )
    assert "20 of 20 traces are new gold (qualification)" in run(*order)
    again = run(*order[:-2])
    assert "0 of 20 traces are new gold" in again
    assert "20 were gold before and stand as they were" in again
    assert re.search(r"\(items \d+(, \d+){19}\): `traceeval queue retire ITEM`", again)
    for _ in range(20):
        run("review", "claim", "--name", "q", "--as", "ana")
        run(
            "review", "submit", "--name", "q", "--as", "ana", *(f"--mark={name}=5" for name in MARKS),
            "--rationale", "nothing is wrong with any of it",
        )  # fmt: skip
    with store.read() as connection:
        (row,) = export.qualifications(connection)
    assert (row["n"], row["lang"], row["passed_at"] is not None) == (20, "en", True)
    assert "0 open for you" in run("review", "claim", "--name", "q", "--as", "cleo")


def harmful(release, questions):
    """As ``answered``, with a speciality and a kind of harmful content."""
    for one in answered(release, questions):
        yield msgspec.structs.replace(one, metadata={"harm": "gore", "dom": "law"})


@pytest.mark.parametrize(
    ("mode", "order"),
    [
        ("single", ("gold", "{0}", "--as", "lea", "--marks", "{marks}", "--tag", "law", "--warn-field", "harm")),
        ("single", ("calibrate", "{0}", "--as", "lea", "--tag-field", "dom", "--warn-field", "harm")),
        ("pairwise", ("pairs", "{0}", "{1}", "--tag-field", "dom", "--warn-field", "harm")),
        ("relevance", ("pool", "{0}", "--tag-field", "dom", "--warn-field", "harm")),
    ],
)
def test_whatever_fills_a_queue_reads_specialities_and_harmful_content(run, write, tmp_path, mode, order):
    run("queue", "create", "--as", "lea", "--name", "q", "--mode", mode, "--gold-share", "1")
    names = [write(f"{name}.jsonl", harmful(name, range(12))) for name in ("1.0", "2.0")]
    marks = write("marks.jsonl", (known(n) for n in range(12)))
    run("queue", *(word.format(*names, marks=marks) for word in order), "--name", "q")
    store = Store(f"sqlite:///{tmp_path / 'review.db'}")
    settings = {"gold_share_first": 1.0}
    store.transact(lambda c: c.execute(update(schema.queue).values(settings=settings)))
    for who, tags in (("ana", ()), ("ben", ("law",)), ("cy", ("law",))):
        set_abilities(store, who, "lea", langs=(), tags=tags)
    opt_out(store, "cy", ["gore"])
    found = [claim(store, "q", who) for who in ("ana", "ben", "cy")]
    assert [isinstance(one, Lease) for one in found] == [False, True, False]
    assert found[1].warnings == ("gore",)


def test_gold_that_cannot_be_is_refused_in_words(run, write):
    create(run, "single")
    traces = write("gold.jsonl", answered("1.0", range(2)))
    order = ("queue", "gold", traces, "--as", "lea", "--name", "q", "--marks")
    assert "'1.0-7' first" in run(*order, write("m1.jsonl", [known(7)]), code=2)
    assert "marks 1..5" in run(*order, write("m2.jsonl", [known(1, marks={"safety": 9})]), code=2)
    told = run(*order, write("m3.jsonl", [known(0), known(1, grade=1)]), code=2)
    assert ("m3.jsonl:2: " in told, "unknown field" in told) == (True, True)
    run("queue", "create", "--as", "lea", "--name", "pairs", "--mode", "pairwise")
    pairs = ("queue", "gold", traces, "--as", "lea", "--name", "pairs", "--marks", write("m4.jsonl", [known(1)]))
    assert "traceeval queue promote" in run(*pairs, code=2)


def test_a_queue_that_grades_nothing_writes_no_gold(run):
    create(run, "pairwise")
    assert "is pairwise and grades no documents" in run("queue", "export", "--name", "q", code=2)


def test_what_somebody_can_judge_is_stated_anew_at_any_time(run, write):
    create(run, "pairwise", "--lang", "de")
    files = [write(f"{name}.jsonl", answered(name, range(3))) for name in ("1.0", "2.0")]
    run("queue", "pairs", *files, "--name", "q", "--lang", "de")
    assert "0 open for you" in run("review", "claim", "--name", "q", "--as", "ana")
    assert "ana: languages de" in run("queue", "person", "ana", "--as", "lea", "--lang", "de")
    assert "rubric" in run("review", "claim", "--name", "q", "--as", "ana")
    assert "chain consistent" in run("audit", "verify")


@pytest.mark.parametrize(
    "words", [("harms", "--name", "q"), ("risk", "fit", "--queue-name", "q", "--out", "policy.toml")]
)
def test_a_damaged_folder_of_a_run_is_unreadable_input(run, tmp_path, words):
    create(run, "single")
    (tmp_path / "risk.jsonl").write_text('{"x')
    assert "risk.jsonl: not what `traceeval evaluate` writes" in run(*words, "--run", str(tmp_path), code=3)
