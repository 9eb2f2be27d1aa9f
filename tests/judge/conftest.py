import pytest

from traceeval.model import Claim, Passage


@pytest.fixture(autouse=True)
def key(monkeypatch):
    """A key that must turn up nowhere."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret-4711")
    return "sk-very-secret-4711"


@pytest.fixture
def claims():
    def make(*texts):
        return [Claim(id=f"c{n}", text=text, span=(0, len(text))) for n, text in enumerate(texts, 1)]

    return make


@pytest.fixture
def nile():
    return [Passage(id="p1", text="The Nile is 6650 km long. It flows “north” to the\n  Mediterranean Sea.")]
