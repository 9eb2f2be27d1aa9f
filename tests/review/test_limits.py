"""A queue takes as many items as it is for, and languages it is for; nothing of a refused frame is stored."""

from hashlib import sha256

import pytest
from sqlalchemy import func, select

from traceeval.errors import Refused
from traceeval.review import Settings, enqueue, schema
from traceeval.review.settings import create_queue, planned, settings_of


@pytest.fixture
def put(store, kit):
    """Queue units under a plan; how many are new."""

    def add(*units, frame="a", seed="quiet", **plan):
        sha = sha256(f"{frame}/{plan.get('budget')}".encode()).hexdigest()
        return enqueue(
            store,
            units,
            queue="ours",
            frame_sha256=sha,
            frame_size=len(units),
            seed=seed,
            plan={"frame": frame, **plan},
        )

    return add


def make(store, **rules):
    create_queue(store, "ours", "lea", settings=Settings(**rules))


def rows(store, table):
    with store.read() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_a_plan_over_the_budget_is_refused_and_nothing_of_it_is_stored(store, kit, put):
    make(store, budget=3)
    with pytest.raises(Refused, match="is for 3 items: 4 are asked for"):
        put(kit.unit(1), budget=4)
    assert (rows(store, schema.selection_run), rows(store, schema.item)) == (0, 0)
    assert put(kit.unit(1), budget=3) == 1


def test_a_plan_that_names_no_number_is_refused_where_there_is_one(store, kit, put):
    make(store, budget=3)
    with pytest.raises(Refused, match="names no number"):
        put(kit.unit(1))
    assert rows(store, schema.item) == 0


def test_plans_of_other_frames_add_up_and_those_of_one_frame_do_not(store, kit, put):
    make(store, budget=3)
    put(kit.unit(1), budget=1)
    put(kit.unit(1), kit.unit(2), budget=2)
    with pytest.raises(Refused, match="2 are asked for beside 2 of other frames"):
        put(kit.unit(3), frame="b", budget=2)
    assert put(kit.unit(3), frame="b", budget=1) == 1
    with pytest.raises(Refused, match="is for 3 items"):
        put(kit.unit(4), seed="another", budget=1)


def test_a_queue_without_a_budget_takes_any_plan(store, kit, put):
    make(store)
    assert put(kit.unit(1), kit.unit(2)) == 2


@pytest.mark.parametrize(("lang", "said"), [("fr", "is fr"), (None, "states no language"), ("den", "is den")])
def test_a_queue_for_some_languages_takes_no_other(store, kit, put, lang, said):
    make(store, langs=("de", "en"))
    with pytest.raises(Refused, match=f"is for de, en and trace t2 {said}"):
        put(kit.unit(1, lang="de"), kit.unit(2, lang=lang))
    assert rows(store, schema.item) == 0


def test_a_language_covers_its_regions(store, kit, put):
    make(store, langs=("de",))
    assert put(kit.unit(1, lang="de"), kit.unit(2, lang="de-AT")) == 2


def test_the_rules_of_a_queue_are_read_back(store):
    make(store, budget=3, langs=("de",), session_cap=9)
    found = settings_of(store, "ours")
    assert (found.budget, found.langs, found.session_cap, found.overlap) == (3, ("de",), 9, 0.2)
    assert settings_of(store, "nobody's") is None


def test_what_is_planned_is_told_and_counts_one_frame_once(store, kit, put):
    make(store, budget=9)
    put(kit.unit(1), budget=1)
    put(kit.unit(1), kit.unit(2), budget=2)
    put(kit.unit(3), frame="b", budget=3)
    assert planned(store, "ours") == 5


def test_of_a_plan_without_a_budget_as_many_are_planned_as_are_drawn_on_average(store, kit):
    kit.fill(store, kit.unit(1), *(kit.unit(n, pi=0.25, u=0.5, payload=None) for n in range(2, 10)))
    assert planned(store, "default") == 3
