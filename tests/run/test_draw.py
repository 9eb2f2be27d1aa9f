"""A sample drawn from a recorded run, with the chance of every trace on record."""

import shutil
from math import fsum

import msgspec
import pandas as pd
import pytest
from sqlalchemy import create_engine, text

import traceeval
from traceeval.errors import ConfigError, InputError, NotFound, Refused
from traceeval.review import Settings, Store, status
from traceeval.review.settings import create_queue
from traceeval.risk import load_policy
from traceeval.run import Draw, Setup, draw
from traceeval.testing import model, retrieval, trace, user


def made(n):
    lang = ("de", "en-GB", None)[n % 3]
    said = f"Refunds take {n} days."
    found = retrieval(("d1", said if n % 2 else "Nothing of the kind."), query="refunds")
    one = trace(user(f"question {n}"), found, model(said), id=f"t{n}", question=f"question {n}", answer=said)
    return msgspec.structs.replace(one, metadata={"about": {"lang": lang}} if lang else {})


TRACES = [made(n) for n in range(60)]


@pytest.fixture(scope="module")
def once(tmp_path_factory):
    folder = tmp_path_factory.mktemp("recorded") / "run"
    traceeval.evaluate(TRACES, out=folder)
    return folder


@pytest.fixture
def recorded(once, tmp_path):
    return shutil.copytree(once, tmp_path / "run")


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'q.db'}"


@pytest.fixture
def ask(recorded, url):
    """Draw into a queue of given rules."""

    def call(rules=None, *, source=TRACES, name="team", mode="single", **how):
        if rules is not None:
            store = Store(url)
            create_queue(store, name, "lea", settings=Settings(**rules), mode=mode)
            store.close()
        setup = Setup(policy=load_policy(), seed=how.pop("seed", "0"))
        return draw(Draw(folder=recorded, source=lambda: iter(source), url=url, queue=name, setup=setup, **how))

    return call


def units(url):
    with create_engine(url).connect() as connection:
        return connection.execute(text("SELECT trace, pi, u, drawn, lang, judge_score FROM selection_unit")).all()


def items(url):
    with create_engine(url).connect() as connection:
        return connection.execute(text("SELECT trace, lang, state FROM item ORDER BY trace")).all()


def test_every_trace_of_the_run_gets_its_chance_and_the_drawn_ones_an_item(ask, url):
    found = ask({}, budget=20)
    kept = units(url)
    assert len(kept) == found.row.frame == 60
    assert fsum(one.pi for one in kept) == pytest.approx(20)
    assert sorted(one.trace for one in kept if one.u < one.pi) == [one.trace for one in items(url)]
    assert found.row.added == found.row.drawn == len(items(url)) > 0
    assert {one.state for one in items(url)} == {"queued"}


def test_the_same_seed_draws_the_same_and_a_larger_budget_only_adds(ask, url):
    first = ask({}, budget=20)
    assert ask(budget=20).row.added == 0
    before = items(url)
    more = ask(budget=40)
    assert (more.row.added, set(before) <= set(items(url))) == (more.row.drawn - first.row.drawn, True)


def test_another_seed_draws_others(ask, url):
    ask({}, budget=20)
    assert ask(budget=20, seed="another").row.added > 0


def test_the_queues_own_budget_is_asked_where_no_other_is(ask, url):
    ask({"budget": 15})
    assert fsum(one.pi for one in units(url)) == pytest.approx(15)
    with pytest.raises(Refused, match="is for 15 items: 16 are asked for"):
        ask(budget=16)


def test_without_any_number_it_says_so(ask):
    with pytest.raises(ConfigError, match="name one with --budget"):
        ask({})


def test_a_queue_for_one_language_gets_a_frame_of_that_language(ask, url):
    found = ask({"langs": ("de", "en")}, budget=10, lang_field="about.lang")
    assert (found.row.frame, found.left_out) == (40, 20)
    assert {one.lang for one in units(url)} == {"de", "en-GB"}
    assert {one.lang for one in items(url)} <= {"de", "en-GB"}


def test_a_language_all_are_in_can_be_said(ask, url):
    assert ask({"langs": ("fr",)}, budget=10, lang="fr").row.frame == 60


def test_a_language_is_never_guessed(ask):
    with pytest.raises(Refused, match="a language is never guessed"):
        ask({"langs": ("de",)}, budget=10)


def test_a_frame_without_a_trace_in_the_language_is_refused(ask):
    with pytest.raises(ConfigError, match="none of the 60 traces"):
        ask({"langs": ("it",)}, budget=10, lang_field="about.lang")


def test_a_field_that_no_trace_has_is_named_with_those_there_are(ask):
    with pytest.raises(ConfigError, match=r"states a language in 'about\.langauge'; their metadata has about\.lang$"):
        ask({"langs": ("de",)}, budget=10, lang_field="about.langauge")
    fields = {"lang_field": "about.lang", "tag_field": "about.lang", "warn_field": "about", "author_field": "by"}
    found = ask({}, name="any", budget=10, **fields)
    assert found.stated == {"lang": 40, "tag": 40, "warn": 0, "author": 0}
    assert found.keys == "their metadata has about.lang"


def test_keys_that_strangers_wrote_are_few_and_harmless(ask, recorded):
    keys = {f"k{n:02}\n\x1b[2J": "v" for n in range(30)}
    odd = [msgspec.structs.replace(one, metadata=keys) for one in TRACES]
    shutil.rmtree(recorded)
    traceeval.evaluate(odd, out=recorded)
    told = ask({}, source=odd, budget=10, tag_field="tga").keys
    assert told.startswith("their metadata has k00 ⟦U+001B⟧[2J, k01")
    assert told.endswith("k09 ⟦U+001B⟧[2J, …")


def test_traces_of_the_run_that_are_not_named_are_missed(ask, url):
    with pytest.raises(ConfigError, match=r"2 of 60 traces of .* are not in the files named, 't58' first"):
        ask({}, source=TRACES[:58], budget=10)
    assert units(url) == []


def test_a_score_is_frozen_at_the_draw(ask, url, recorded):
    with pytest.raises(ConfigError, match="no trace of the run has it; there are"):
        ask({}, budget=10, score="no.such")
    ask(budget=10, score="generator.on_topic")
    scores = pd.read_parquet(recorded / "scores.parquet").query("scorer == 'generator.on_topic'")
    assert {one.trace: one.judge_score for one in units(url)} == dict(zip(scores.trace, scores.value, strict=True))


def test_a_queue_that_is_not_there_and_one_that_compares_are_refused(ask):
    with pytest.raises(Refused, match="is pairwise"):
        ask({}, name="pairs", mode="pairwise", budget=5)
    with pytest.raises(NotFound, match="`traceeval queue create` makes one"):
        ask(name="nowhere", budget=5)


def test_a_folder_without_a_run_says_what_to_do(recorded, ask):
    (recorded / "risk.jsonl").write_text("{}\n")
    with pytest.raises(InputError, match=r"risk.jsonl:1: not what `traceeval evaluate` writes"):
        ask({}, budget=5)
    (recorded / "risk.jsonl").unlink()
    with pytest.raises(ConfigError, match="run `traceeval evaluate` first"):
        ask(budget=5)


def test_evaluate_keeps_to_the_budget_of_its_queue(url, tmp_path):
    store = Store(url)
    create_queue(store, "default", "lea", settings=Settings(budget=12))
    row = traceeval.evaluate(TRACES, queue=url, out=tmp_path / "one").summary().queue
    assert fsum(one.pi for one in units(url)) == pytest.approx(12)
    assert row.frame == 60
    with pytest.raises(Refused, match="is for 12 items"):
        traceeval.evaluate(TRACES, queue=url, out=tmp_path / "two", budget=30)


def test_evaluate_refuses_a_queue_for_some_languages_before_it_works(url, tmp_path):
    store = Store(url)
    create_queue(store, "default", "lea", settings=Settings(langs=("de",)))
    with pytest.raises(Refused, match="traceeval queue draw --lang-field"):
        traceeval.evaluate(TRACES, queue=url, out=tmp_path / "one")
    assert not (tmp_path / "one").exists()


def test_speciality_and_harmful_content_are_where_the_traces_say_so(ask, url):
    told = [msgspec.structs.replace(one, metadata={"dom": "law", "harm": ["self_harm", "gore"]}) for one in TRACES[:2]]
    ask({}, source=[*told, *TRACES[2:]], budget=60, tag_field="dom", warn_field="harm")
    with create_engine(url).connect() as connection:
        tags = connection.execute(text("SELECT trace, tag FROM item WHERE tag IS NOT NULL ORDER BY trace")).all()
        warned = connection.execute(text("SELECT category FROM subject_warning")).scalars().all()
    assert tags == [("t0", "law"), ("t1", "law")]
    assert sorted(warned) == ["gore", "gore", "self_harm", "self_harm"]


def test_who_wrote_a_trace_is_where_it_says_so_and_never_judges_it(ask, url):
    stated = ({"by": {"desk": "ana"}}, {"by": {"desk": [" ana ", "ben", 7, ""]}}, {"by": {"desk": None}})
    told = [msgspec.structs.replace(one, metadata=said) for one, said in zip(TRACES, stated, strict=False)]
    found = ask({"overlap": 0.0}, source=[*told, *TRACES[3:]], budget=60, author_field="by.desk")
    assert found.stated["author"] == 2
    store = Store(url)
    assert [status(store, "team", who).open_for_me for who in ("ana", "ben", "cy")] == [58, 59, 60]


def test_a_trace_bars_no_more_than_fifty_people(ask, url):
    crowd = msgspec.structs.replace(TRACES[0], metadata={"by": [f"p{n}" for n in range(200)]})
    ask({"overlap": 0.0}, source=[crowd, *TRACES[1:]], budget=60, author_field="by")
    with create_engine(url).connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM decline")).scalar() == 50
