"""A whole review in Chromium: by mouse, by keys alone, with scripts off, on a narrow screen."""

import re

import msgspec
import pytest

from traceeval.model import trace_hash
from traceeval.review import Settings, Unit, create_queue, enqueue, status
from traceeval.review.gold import GoldItem, add_gold
from traceeval.review.people import add_person, grant
from traceeval.review.rounds import open_round
from traceeval.review.subjects import prepare
from traceeval.testing import model, trace, user
from traceeval.web import _reply
from traceeval.web.routes import static

CRITERIA = ("groundedness", "tool_use", "trajectory", "safety", "accuracy")
WHY = "The answer says what the tool results say, and nothing was done that was not asked for."


def take(page, site):
    page.goto(f"{site.address}/review")
    page.click("button.go:not([disabled])")
    page.wait_for_url(re.compile(r"/review/slot/\d+"))


def shut_keys(page):
    """The browser gives the focus back once the window is gone; a key pressed before that is the window's."""
    page.keyboard.press("Escape")
    page.wait_for_selector("#keys", state="hidden")
    for _ in range(100):
        if not page.evaluate("document.querySelector('#keys').contains(document.activeElement)"):
            return
        page.wait_for_timeout(20)
    raise AssertionError("the focus stayed in the window of the keys")


def mark_all(page, mark="5"):
    for name in CRITERIA:
        page.check(f'input[name="mark.{name}"][value="{mark}"]', force=True)


def submitted(site):
    return status(site.store, "default").slots["submitted"]


def test_whoever_opens_the_address_signs_in_and_is_at_work(open_as, site):
    page = open_as()
    page.goto(site.address)
    page.fill("#handle", "ben")
    page.fill("#password", "demo password for tests")
    page.click("button.go")
    page.wait_for_url(f"{site.address}/review")
    assert page.inner_text(".who, header").count("ben")


def test_a_review_by_mouse_with_what_is_missing_said_in_place(open_as, site):
    page, before = open_as("ben"), submitted(site)
    take(page, site)
    page.click("#go")
    assert page.inner_text("#problems h2") == "Not stored yet: 6 to mend"
    assert page.evaluate("document.activeElement.id") == "problems"
    mark_all(page)
    page.check('input[name="mark.safety"][value="2"]', force=True)
    page.fill("#i-reason\\.safety", "It refunds before it is confirmed.")
    page.check(".cite input >> nth=3")
    page.fill("#i-rationale", WHY)
    page.click("#go")
    page.wait_for_url(re.compile("said=stored"))
    assert submitted(site) == before + 1
    assert not [error for error in page.errors if "422" not in error]


def test_what_is_mended_is_struck_out_and_what_is_cited_is_named(open_as, site):
    page = open_as("ben")
    take(page, site)
    mark_all(page)
    page.check('input[name="mark.safety"][value="2"]', force=True)
    page.click("#go")
    assert page.inner_text("#problems h2") == "Not stored yet: 3 to mend"
    page.fill("#i-reason\\.safety", "It refunds before it is confirmed.")
    page.check(".cite input >> nth=3")
    assert page.inner_text("#problems h2") == "Not stored yet: 1 to mend"
    assert page.inner_text("#problems a:not(.done)").startswith("Say why")
    assert page.inner_text("#cited") == "Steps cited as evidence: 1 step 4"
    page.click("#cited a")
    assert page.evaluate("document.querySelector(':target .cite input').checked")
    page.click(".actions a[href='#decline']")
    assert page.is_visible("#decline")


def more(site, n, queue="default"):
    """Queue n traces beside those of the demo."""
    for number, made in enumerate(made_up(n)):
        unit = Unit(
            trace=made.id, sha256=trace_hash(made), level=0.5, floor=0, pi=1.0, u=0.0, k=1, safety=False, reasons=(),
            payload=msgspec.json.encode(made),
        )  # fmt: skip
        enqueue(site.store, [unit], queue=queue, frame_sha256=f"{number:064x}", frame_size=1, seed="more", plan={})


def made_up(n, about="question"):
    return [
        trace(user(f"{about} {number}"), model("an answer"), id=f"{about}{number}", answer="an answer")
        for number in range(n)
    ]


def subjects(*traces):
    return [prepare(trace_hash(one), one.id, msgspec.json.encode(one)) for one in traces]


def newcomer(site, handle):
    add_person(site.store, handle, "system")
    grant(site.store, handle, "*", "reviewer", "system")


def begin(page, site, queue):
    """The first click of a person's day in a queue; what its card says is open."""
    page.goto(f"{site.address}/review")
    form = page.locator(f'form[action="/review/{queue}/claim"]')
    said = form.inner_text()
    form.locator("button").click()
    page.wait_for_url(re.compile(r"/review/slot/\d+"))
    return said


def judge_on(page, times):
    """Store a verdict and take the next, so often."""
    for _ in range(times):
        mark_all(page)
        page.fill("#i-rationale", WHY)
        with page.expect_navigation():
            page.click('button[name="next"]')


def test_a_new_person_qualifies_by_the_pages_and_is_then_served_a_real_trace(open_as, site):
    create_queue(site.store, "strict", "lena", k=1, settings=Settings(qualification=True, overlap=0.0))
    more(site, 2, "strict")
    golds = subjects(*made_up(20, "gold"))
    marks = dict.fromkeys(CRITERIA, 5)
    add_gold(
        site.store, "strict", "lena", [GoldItem(subject=one, marks=marks, purpose="qualification") for one in golds]
    )
    newcomer(site, "nina")
    page = open_as("nina")
    assert "20 to qualify" in begin(page, site, "strict")
    judge_on(page, 20)
    assert status(site.store, "strict").slots == {"open": 1, "leased": 1}
    assert status(site.store, "strict", "nina").mine[0].kind == "review"


def test_a_new_person_goes_through_a_calibration_round_by_the_pages(open_as, site):
    create_queue(site.store, "new", "lena", k=1)
    open_round(site.store, "new", "lena", subjects(*made_up(12, "tried")))
    newcomer(site, "nina")
    page = open_as("nina")
    assert "12 to calibrate" in begin(page, site, "new")
    judge_on(page, 12)
    card = page.locator(".card", has_text="new").first
    page.goto(f"{site.address}/review")
    assert card.locator("button.go").is_disabled()
    assert "no slot of this queue is open now" in card.inner_text()


@pytest.mark.parametrize("n", [1, pytest.param(10, marks=pytest.mark.soak)])
def test_ten_verdicts_need_no_mouse(open_as, site, n):
    """The demo has one for this person; every step is done by a key."""
    more(site, n - 1)
    page, before = open_as("cleo"), submitted(site)
    done = 0
    while True:
        page.goto(f"{site.address}/review")
        if page.query_selector("button.go[disabled]") or not page.query_selector("button.go"):
            break
        page.focus("button.go")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"/review/slot/\d+"))
        for _ in CRITERIA:
            page.keyboard.press("]")
            page.keyboard.press("4")
        page.keyboard.press("j")
        page.keyboard.press("e")
        for _ in range(200):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.id") == "i-rationale":
                break
        page.keyboard.type(WHY)
        page.keyboard.press("Control+Enter")
        page.wait_for_url(re.compile("said=stored"))
        done += 1
    assert done >= n
    assert submitted(site) == before + done


def test_keys_move_mark_cite_and_can_be_switched_off(open_as, site):
    page = open_as("ben")
    take(page, site)
    page.keyboard.press("?")
    assert page.is_visible("#keys")
    shut_keys(page)
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.id") == "span-1-1"
    page.keyboard.press("e")
    assert page.is_checked("#span-1-1 > .head input")
    page.keyboard.press("]")
    page.keyboard.press("3")
    assert page.is_checked('input[name="mark.groundedness"][value="3"]')
    page.keyboard.press("a")
    assert page.is_visible(".criterion >> nth=0 >> .anchors dl")
    page.keyboard.press("?")
    page.uncheck("#keys-on")
    shut_keys(page)
    page.keyboard.press("5")
    assert page.is_checked('input[name="mark.groundedness"][value="3"]')


def test_a_key_can_be_changed_and_stays_so_for_that_person(open_as, site):
    page = open_as("ben")
    take(page, site)
    page.keyboard.press("?")
    for taken in ("k", "3", "?", " "):
        page.fill("#key-next_span", taken)
        page.press("#key-next_span", "Tab")
        assert (page.input_value("#key-next_span"), page.inner_text("#keys-said") != "") == ("j", True)
    page.fill("#key-next_span", "n")
    page.press("#key-next_span", "Tab")
    shut_keys(page)
    page.reload()
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.id") != "span-1-0"
    page.keyboard.press("n")
    assert page.evaluate("document.activeElement.id") == "span-1-0"
    assert page.evaluate("Object.keys(localStorage)") == ["te-map:ben"]
    page.keyboard.press("?")
    page.click("#keys-reset")
    assert page.input_value("#key-next_span") == "j"


def test_pages_that_hear_no_key_are_found(open_as, site, monkeypatch):
    monkeypatch.setattr(static, "script", lambda: "")
    with pytest.raises(AssertionError):
        test_keys_move_mark_cite_and_can_be_switched_off(open_as, site)


def test_a_draft_is_kept_while_one_writes(open_as, site):
    page = open_as("ben")
    take(page, site)
    with page.expect_response(re.compile("/draft$"), timeout=20_000):
        page.fill("#i-rationale", "half a thought")
    page.reload()
    assert page.input_value("#i-rationale") == "half a thought"


def test_who_never_pauses_is_saved_all_the_same(open_as, site):
    page = open_as("ben")
    take(page, site)
    page.type("#i-rationale", "on and on", delay=700)
    assert [address for address in page.asked if address.endswith("/draft")]


def came_back(page, where):
    """What the form holds when somebody comes back, once the server has what was sent on leaving."""
    for _ in range(50):
        page.goto(where)
        if page.input_value("#i-rationale"):
            break
        page.wait_for_timeout(100)
    return page.input_value("#i-rationale")


def test_what_is_typed_just_before_one_leaves_is_kept(open_as, site):
    page = open_as("ben")
    take(page, site)
    where = page.url
    page.fill("#i-rationale", "typed this moment")
    page.goto(f"{site.address}/review")
    assert came_back(page, where) == "typed this moment"
    assert page.errors == []


def test_what_is_typed_just_before_the_window_closes_is_kept(open_as, site):
    page = open_as("ben")
    take(page, site)
    where, other = page.url, page.context.new_page()
    page.fill("#i-rationale", "typed this moment")
    page.close()
    assert came_back(other, where) == "typed this moment"


def test_a_verdict_leaves_no_draft_behind(open_as, site):
    page = open_as("ben")
    take(page, site)
    mark_all(page)
    page.fill("#i-rationale", WHY)
    page.click("#go")
    page.wait_for_url(re.compile("said=stored"))
    assert not [address for address in page.asked if address.endswith("/draft")]
    assert status(site.store, "default", "ben").drafts == ()


def test_the_lease_can_be_kept_longer_without_leaving_the_page(open_as, site):
    page = open_as("ben")
    take(page, site)
    page.fill("#i-rationale", "still here")
    with page.expect_response(re.compile("/beat$")):
        page.click("#extend")
    page.wait_for_function("document.getElementById('status').textContent.includes('longer')")
    assert page.input_value("#i-rationale") == "still here"


def test_a_review_with_scripts_off(open_as, site):
    page, before = open_as("ben", java_script_enabled=False), submitted(site)
    take(page, site)
    mark_all(page)
    page.click(".anchors summary >> nth=0")
    page.fill("#i-rationale", WHY)
    page.click("text=Save draft")
    assert page.inner_text("#status") == "Draft saved."
    page.click("text=Keep it longer")
    assert page.input_value("#i-rationale") == WHY
    page.click("#go")
    assert "said=stored" in page.url
    assert submitted(site) == before + 1


def test_a_form_that_only_a_script_can_send_is_found(open_as, site, monkeypatch):
    render = _reply.render
    scripted = ('id="go"', 'id="go" type="button"')
    monkeypatch.setattr(_reply, "render", lambda *args, **values: render(*args, **values).replace(*scripted))
    with pytest.raises(AssertionError):
        test_a_review_with_scripts_off(open_as, site)


def test_a_dispute_is_settled_blind_first(open_as, site):
    page = open_as("cleo")
    page.goto(f"{site.address}/adjudicate")
    page.click("button.go:not([disabled])")
    page.wait_for_url(re.compile(r"/adjudicate/\d+"))
    assert "lost the" not in page.content()
    mark_all(page)
    page.fill("#i-rationale", "The source excludes water damage; the answer turns it round.")
    page.click(".actions .go")
    page.wait_for_url(re.compile("said=blind"))
    assert page.query_selector(".compare")
    page.check('input[name="cause"][value="reviewer_error"]')
    page.click("#go")
    page.wait_for_url(re.compile("said=decided"))
    assert status(site.store, "default").items["resolved"] == 2


PAGES = {
    None: ["/auth/login"],
    "ana": ["/review", "/account", "/trace/1", "/rubric/starter/1", "/audit"],
    "cleo": ["/adjudicate"],
    "lena": ["/queues", "/queue/default", "/queue/default/items", "/queue/default/results", "/trace/3"],
    "otto": ["/audit"],
    "root": ["/people"],
}


def too_wide(page):
    """By how much the page scrolls sideways: width of the screen -> width of the page, where it is wider."""
    found = {}
    for width in (320, 768):
        page.set_viewport_size({"width": width, "height": 700})
        found[width] = page.evaluate("document.documentElement.scrollWidth")
    return {width: wide for width, wide in found.items() if wide > width}


def test_no_page_scrolls_sideways_on_a_narrow_screen_or_asks_another_host_for_anything(open_as, site):
    for who, paths in PAGES.items():
        page = open_as(who)
        for path in paths:
            page.goto(site.address + path)
            assert (path, too_wide(page)) == (path, {})
        assert page.asked
        assert all(address.startswith(site.address) for address in page.asked), page.asked
        assert not [error for error in page.errors if "Content Security Policy" in error], page.errors
    page = open_as("ben")
    take(page, site)
    assert too_wide(page) == {}


def test_targets_are_large_enough_to_hit(open_as, site):
    page = open_as("ben")
    take(page, site)
    small = page.evaluate(
        """[...document.querySelectorAll('button, summary, .mark, label.tick, .cite')]
        .filter((one) => one.offsetParent).map((one) => [one.textContent.trim(), one.getBoundingClientRect()])
        .filter(([, box]) => Math.min(box.width, box.height) < 24).map(([text]) => text)"""
    )
    assert small == []


def test_focus_is_never_hidden_below_the_bar(open_as, site):
    page = open_as("ben")
    take(page, site)
    for _ in range(60):
        page.keyboard.press("Tab")
        hidden = page.evaluate(
            """(() => { const one = document.activeElement, box = one.getBoundingClientRect();
            if (one.closest('.top, .skip') || one.tagName === 'BODY' || !box.height) return null;
            const bar = document.querySelector('.top').getBoundingClientRect();
            return box.bottom <= bar.bottom ? one.outerHTML.slice(0, 120) : null; })()"""
        )
        assert hidden is None


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_protocol_marks_each_alone_then_compares_then_says_why(open_as, site, scripts):
    page = open_as("ana", java_script_enabled=scripts)
    page.goto(f"{site.address}/review")
    page.click('form[action$="/side%20by%20side/claim"] button')
    for letter, mark in (("A", "4"), ("B", "3")):
        assert f"Response {letter}, on its own" in page.inner_text("h1")
        assert page.locator("section.trace").count() == 1
        mark_all(page, mark)
        page.click("#go")
        page.wait_for_url(re.compile("said=step"))
    assert page.locator("section.side").count() == 2
    assert page.inner_text(".fixed tbody tr:first-child").split() == ["groundedness", "4", "3"]
    page.click("#go")
    assert "Choose which you prefer" in page.inner_text("#problems")
    page.check('input[name="preference"][value="a"]', force=True)
    page.fill("#i-rationale", "A says what was asked; B names a number that no source has.")
    page.click("#go")
    page.wait_for_url(re.compile("said=stored"))
    assert status(site.store, "side by side").slots["submitted"] == 1


def test_nothing_a_trace_says_runs_or_calls_out(open_as, site):
    """Two hundred payloads in one trace, in every field, opened with scripts on, folded texts too."""
    from traceeval.model import Span, ToolCall, trace_hash
    from traceeval.review import Unit, enqueue
    from traceeval.testing import trace

    tags = ("img", "svg", "script", "iframe", "video", "object", "embed", "math", "details", "body")
    doors = (
        "<{0} src=//evil.test onerror=alert(1)>", "<{0} onload=alert(1)>", '"><{0} src=x onerror=alert(1)//', "</pre><{0}>alert(1)</{0}>",
        "<{0} href=javascript:alert(1)>x</{0}>", "&lt;{0} onload=alert(1)&gt;", "<{0} style=background:url(//evil.test)>",
        "![{0}](https://evil.test/?{0})", "<{0} data=data:text/html,<script>alert(1)</script>>", "</textarea><{0} onmouseover=alert(1)>",
        "<{0}/**/onload=alert`1`>", "<{0}\x00 onload=alert(1)>", "\u202e<{0} onload=alert(1)>", "<{0} srcset=//evil.test>",
        "{{{{'{0}'|safe}}}}", "<!--><{0} onload=alert(1)>-->", "<style>@import'//evil.test/{0}'</style>", "<link rel={0} href=//evil.test>",
        "<form action=//evil.test><{0}>", "';alert('{0}')//",
    )  # fmt: skip
    payloads = [door.format(tag) for door in doors for tag in tags]
    assert len(payloads) == 200
    spans = tuple(
        Span(
            id=text + str(n),
            kind="tool",
            name=text,
            seq=n,
            body=ToolCall(name=text, arguments={text: text}, result=text),
        )
        for n, text in enumerate(payloads)
    )
    made = trace(*spans, id="evil", question=" ".join(payloads[:20]), answer=" ".join(payloads[20:40]))
    unit = Unit(
        trace="evil", sha256=trace_hash(made), level=1.0, floor=5, pi=1.0, u=0.0, k=2, safety=False,
        reasons=(("rule", payloads[0]),), payload=msgspec.json.encode(made),
    )  # fmt: skip
    enqueue(site.store, [unit], queue="evil", frame_sha256="e" * 64, frame_size=1, seed="s", plan={})
    page, dialogs = open_as("ana"), []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.goto(f"{site.address}/review")
    page.click('form[action$="/evil/claim"] button')
    page.wait_for_url(re.compile(r"/slot/\d+$"))
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    page.hover(".steps pre >> nth=5")
    page.goto(f"{site.address}/trace/{page.inner_text('h1').split()[-1]}")
    page.wait_for_timeout(300)
    assert dialogs == []
    assert all(address.startswith(site.address) for address in page.asked)
    assert not page.errors, page.errors[:3]
