"""The page of a suite's saturation: its verdict, a mark a case, and no script a case's name may hold."""

from traceeval.compare import find_saturation
from traceeval.report import render_saturation_page


def passes(*rates):
    return {f"c{at}": (rate, 4) for at, rate in enumerate(rates)}


def page_of(versions, tmp_path):
    render_saturation_page(find_saturation(versions), tmp_path / "page.html")
    return (tmp_path / "page.html").read_text(encoding="utf-8")


def test_the_page_has_the_verdict_a_mark_a_case_and_both_tables(tmp_path):
    page = page_of({"v1": passes(1, 0, 0.5), "v2": passes(1, 0, 1)}, tmp_path)
    assert "tells versions apart: of 3 cases everybody passes 33 %, nobody 33 % (2 versions)" in page
    assert "discrimination needs three versions or more" in page
    assert page.count('class="whisker"') == 3
    assert page.count('<g class="flag">') == 2
    assert page.index("Cases that tell versions apart</h2>") < page.index('scope="row">c2') < page.index('id="mute"')


def test_a_case_that_better_versions_fail_is_marked(tmp_path):
    versions = {f"v{n}": passes(*[n / 9] * 5, 1 - n / 9) for n in range(10)}
    page = page_of(versions, tmp_path)
    assert page.count('<tr class="failed">') == 1
    assert '<tr class="failed"><th scope="row">c5' in page


def test_of_a_long_suite_the_hardest_and_the_easiest_are_drawn(tmp_path):
    long = passes(*[at / 99 for at in range(100)])
    page = page_of({"v1": long, "v2": long}, tmp_path)
    assert page.count('class="whisker"') == 40
    assert "60 between these are not drawn" in page


def test_names_of_cases_and_versions_act_nowhere(tmp_path):
    page = page_of({"<script>v": {"<script>c": (1.0, 2)}, "v2": {"<script>c": (0.5, 2)}}, tmp_path)
    assert "<script" not in page
    assert "&lt;script&gt;c" in page
