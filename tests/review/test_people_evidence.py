"""What people of a queue say, as a release may rest on it: when, of which version, of which record."""

from datetime import UTC, datetime

import pytest
from tests.review._judged import judge, of_version

from traceeval.errors import NotFound, Refused
from traceeval.run import read_evidence
from traceeval.run._people_evidence import people_evidence

AT = datetime.fromtimestamp(1_000_000.0, UTC)


@pytest.fixture
def judged(store, kit):
    return judge(store, kit)


def test_people_are_read_with_their_frame_their_version_and_their_record(judged):
    found = people_evidence("q", judged, "default", ())
    assert (found.created, found.states) == (AT.isoformat(), {"app": ("s",), "release": ("2",)})
    assert (found.estimates.drawn, found.estimates.answered) == (3, 3)
    assert found.agreed["safety: pass"] is None
    with judged.read() as connection:
        from traceeval.review import export

        assert (found.seq, found.head) == export.head(connection)


def test_traces_of_two_versions_or_of_none_are_told(store, kit):
    kit.fill(store, of_version(kit, 1), of_version(kit, 2, "1"), of_version(kit, 3, None))
    assert people_evidence("q", store, "default", ()).states["release"] == ("(not stated)", "1", "2")


def test_slices_that_a_gate_names_are_estimated(judged):
    found = people_evidence("q", judged, "default", ("lang",))
    assert set(found.estimates.outcomes[0].slices) == {"lang=unknown"}


def test_a_queue_is_evidence_by_its_url_and_name(judged):
    found = read_evidence(f"{judged.url}#default", ("safety: pass@lang=de",))
    assert found.estimates.queue == "default"
    assert "lang=unknown" in found.estimates.outcomes[0].slices
    with pytest.raises(NotFound):
        read_evidence(f"{judged.url}#nobodys")


def test_a_queue_that_grades_documents_is_no_evidence(store):
    from traceeval.review.relevance import relevance_rubric
    from traceeval.review.settings import create_queue

    create_queue(store, "grades", "lea", mode="relevance", rubric=relevance_rubric())
    with pytest.raises(Refused, match="grades documents"):
        people_evidence("q", store, "grades", ())
