"""Language tags are compared without case and kept in one (RFC 5646, section 2.1.1)."""

import pytest
from sqlalchemy import select

from traceeval.review import Lease, claim, covers, schema
from traceeval.review._languages import canonical
from traceeval.review.abilities import set_abilities
from traceeval.review.people import add_person, find_person
from traceeval.review.settings import Settings, create_queue, settings_of


@pytest.mark.parametrize(
    ("tag", "kept"),
    [
        ("pt-br", "pt-BR"),
        ("EN", "en"),
        ("mn-cyrl-mn", "mn-Cyrl-MN"),
        ("EN-CA-X-CA", "en-CA-x-ca"),
        ("SGN-BE-FR", "sgn-BE-FR"),
        ("de-at:C1", "de-AT:C1"),
        ("es-419", "es-419"),
        ("", ""),
    ],
)
def test_a_tag_is_kept_in_the_case_that_the_standard_recommends(tag, kept):
    assert canonical(tag) == kept
    assert canonical(kept) == kept


@pytest.mark.parametrize(
    ("langs", "lang", "held"),
    [(("PT",), "pt-BR", True), (("pt-br",), "pt-BR", True), (("pt-BR",), "pt", False), (("p",), "pt", False)],
)
def test_a_language_covers_its_regions_whatever_the_case(langs, lang, held):
    assert covers(langs, lang) is held


@pytest.mark.parametrize(("spoken", "stated"), [("pt-br", "pt-BR"), ("PT", "pt-br"), ("pt-BR:C1", "PT-BR")])
def test_who_speaks_a_language_is_offered_it_whatever_the_case(store, kit, spoken, stated):
    kit.fill(store, kit.unit(1, lang=stated), kit.unit(2, lang="pt-PT"))
    set_abilities(store, "ana", "system", langs=[spoken], tags=())
    lease = claim(store, "default", "ana")
    assert isinstance(lease, Lease)
    assert lease.item == 1
    with store.read() as connection:
        assert connection.execute(select(schema.item.c.lang).order_by(schema.item.c.id)).scalars().first() == "pt-BR"


def test_people_and_queues_keep_languages_in_that_case_too(store):
    add_person(store, "lea", "system", langs=["de-at"])
    set_abilities(store, "ana", "lea", langs=["pt-br:C1"], tags=())
    create_queue(store, "q", "lea", settings=Settings(langs=("zh-hant",)))
    assert [find_person(store, handle=who).langs for who in ("lea", "ana")] == [("de-AT",), ("pt-BR:C1",)]
    assert settings_of(store, "q").langs == ("zh-Hant",)
