"""Looking at a queue changes nothing."""

import pytest

from traceeval.errors import NotFound, Refused
from traceeval.review import show, status
from traceeval.review.desk import desk
from traceeval.review.people import add_person, disable, people
from traceeval.review.qualification import qualifications


def test_reading_makes_nobody_and_shows_what_a_new_person_would_see(store, kit):
    kit.fill(store, kit.unit(1), kit.unit(2, lang="de"), kit.unit(3, tag="law"))
    add_person(store, "ana", "system")
    before = [one.handle for one in people(store)]
    assert status(store, "default", "zeo") == status(store, "default", "ana")
    assert 0 < status(store, "default", "zeo").open_for_me < status(store, "default").slots["open"]
    assert (show(store, 1, "zeo").state, show(store, 1, "zeo").reasons) == ("queued", ())
    assert qualifications(store, "default", "zeo") == []
    with pytest.raises(NotFound):
        desk(store, 1, "zeo")
    assert [one.handle for one in people(store)] == before
    kit.give(store, "zeo")
    assert [one.handle for one in people(store)] == [*before, "zeo"]


def test_who_may_not_work_may_not_look(store, kit):
    kit.fill(store, kit.unit(1))
    kit.give(store, "ana")
    disable(store, "ana", "system")
    for handle, why in (("ana", "disabled"), ("", "no name"), ("system", "no person")):
        with pytest.raises(Refused, match=why):
            status(store, "default", handle or " ")
        with pytest.raises(Refused, match=why):
            show(store, 1, handle)
