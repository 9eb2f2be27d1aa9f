"""Regular expressions take linear time, whatever was written; what could take more is refused."""

import subprocess
import sys

import pytest

from traceeval.errors import ConfigError
from traceeval.measures.patterns import check_pattern, found_in


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("BL-[0-9]", "Order BL-1.", True),
        ("^BL", "Order BL-1.", False),
        ("(?i)fähr", "Die FÄHRE fährt.", True),
        ("a.c", "a\ud800c", True),
        ("", "", True),
    ],
)
def test_it_matches_anywhere(pattern, text, found):
    assert found_in(pattern, text) is found


@pytest.mark.parametrize("pattern", ["(", "(?=a)a", "(?<!a)b", r"(a)\1", "(a{1000}){1000}", "\ud800"])
def test_what_is_none_or_could_take_long_is_refused_with_the_way_out(pattern):
    with pytest.raises(ConfigError, match="without look-around, back-references"):
        check_pattern(pattern)
    with pytest.raises(ConfigError, match="no regular expression"):
        found_in(pattern, "a")


HANGS = """
from traceeval.compare._asserted import _broken
from traceeval.measures.matchers import match
from traceeval.measures.patterns import found_in
from traceeval.model.assertions import AnswerRule

for pattern in ("^(a+)+$", "^(a|aa)+$", "^(.*a){20}$"):
    assert not found_in(pattern, "a" * 50_000 + "!")
    assert match("a" * 5_000 + "!", {"$regex": pattern}) == "different"
    assert _broken(AnswerRule(regex=pattern), "a" * 50_000 + "!")
"""


def test_nested_repetition_over_a_long_text_ends_wherever_people_write_expressions():
    subprocess.run([sys.executable, "-c", HANGS], check=True, timeout=60)  # a process: a hanging match stops for nobody
