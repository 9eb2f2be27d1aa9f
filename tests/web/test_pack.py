"""The audit pack as auditors download it: with the decision to release that the server was told of, or why there is none."""

from datetime import timedelta

import msgspec
import pytest
from tests._release import NOW, policed, six
from tests.web.conftest import HOST

from traceeval.report.audit import unpack, verify
from traceeval.run import decide, write_decision
from traceeval.web import Settings, make_app


@pytest.fixture
def told(request, tmp_path):
    """Which folder the server was told of: none, by default."""
    return tmp_path / request.param if getattr(request, "param", None) else None


@pytest.fixture
def app(store, told):
    return make_app(store, Settings(hosts=(HOST,), port=8080, decision=told))


@pytest.fixture
def download(visit, filled):
    """The files of the pack, which verifies."""
    auditor = visit("aud", "auditor")

    def files():
        answer = auditor.get("/audit/pack")
        assert answer.status_code == 200, answer.text
        verify(answer.content, {})
        return unpack(answer.content)

    return files


def decided(folder, at):
    asked, evidence = policed(people={"waived": "nobody was asked"}), {**six(), "people": {}}
    write_decision(folder, decide(asked, evidence, at=at), evidence, asked.source)


@pytest.mark.parametrize("told", ["decision"], indirect=True)
def test_the_pack_holds_the_decision_as_it_lies_in_its_folder_now(download, told):
    for at in (NOW, NOW + timedelta(hours=1)):
        decided(told, at)
        held = msgspec.json.decode(download()["decision/decision.json"])
        assert (held["answer"], held["at"]) == ("release", at.isoformat(timespec="seconds"))


@pytest.mark.parametrize(
    ("told", "why"),
    [(None, "was told of no decision to release"), ("nowhere", "nothing was decided yet in the folder")],
    indirect=["told"],
)
def test_a_pack_without_a_decision_says_why(download, why):
    files = download()
    assert not [name for name in files if name.startswith("decision/")]
    assert (
        f"`decision/` is not here: {'the server that made this pack ' if 'told' in why else ''}{why}"
        in files["limits.md"].decode()
    )
