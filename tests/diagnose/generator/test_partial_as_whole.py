import pytest
from tests.diagnose._found import found

from traceeval.testing import call, model, user

CODE = "generator.partial_as_whole"
PAGE = '{"orders": [{"id": 1}, {"id": 2}], "has_more": true}'


def told(answer, *results, ask="How many orders do I have?"):
    return found(CODE, user(ask), *(call("search_items", {"page": n}, r) for n, r in enumerate(results)), model(answer))


@pytest.mark.parametrize(
    "page",
    [
        PAGE,
        '{"orders": [], "next_cursor": "abc"}',
        "1. lamp\n2. desk\nShowing 2 of 57 results",
        "row\nrow\n[output truncated]",
    ],
)
def test_a_part_told_as_the_whole_is_a_defect(page):
    (finding,) = told("You have 2 orders in total.", page)
    claim, mark = finding.evidence
    assert claim.quote == "You have 2 orders in total."
    assert page[mark.start : mark.end] == mark.quote


def test_a_last_page_is_the_whole():
    assert not told("You have 2 orders in total.", '{"orders": [], "has_more": false, "next_cursor": null}')


def test_reading_on_makes_it_whole():
    assert not told("You have 4 orders in total.", PAGE, '{"orders": [3, 4], "has_more": false}')


def test_saying_that_it_is_a_part_is_honest():
    assert not told("You have at least 2 orders in total.", PAGE)
    assert not told("Here are two of your orders.", PAGE)


def test_the_first_few_were_all_that_was_asked_for():
    assert not told("These are all the orders.", PAGE, ask="Show me the latest orders")
