"""Five hundred canaries in every place of a trace: none is seen before, or after, anybody reviews it."""

import random
import string
import zlib

import msgspec
import pytest
from sqlalchemy import select

from traceeval.errors import NotFound, RedactionFailed, Refused
from traceeval.review import Lease, Originals, claim, erase_everywhere, reveal, save_draft, schema, show, verify
from traceeval.review import _detectors as detectors
from traceeval.review.redact import redact_text, redaction_version
from traceeval.review.subjects import prepare
from traceeval.testing import call, model, retrieval, trace, user

LETTERS, DIGITS = string.ascii_letters, string.digits
LENGTHS = {"DE": 22, "GB": 22, "FR": 27, "NO": 15, "PL": 28, "CH": 21, "MT": 31}  # ISO 13616 registry
PREFIXES = ("sk-", "ghp_", "gho_", "glpat-", "xoxb-", "hf_", "npm_", "pypi-", "whsec_", "te_")


def some(rng, alphabet, count):
    return "".join(rng.choice(alphabet) for _ in range(count))


def email(rng):
    sep = rng.choice(["", ".", "_", "+"])
    host = f"{some(rng, string.ascii_lowercase, 8)}.{rng.choice(['org', 'co.uk', 'example'])}"
    return f"{some(rng, LETTERS, 5)}{sep}{some(rng, LETTERS + DIGITS, 4)}@{host}"


def phone(rng):
    n = some(rng, DIGITS, 9)
    return rng.choice(
        [
            f"+{rng.choice(['49', '44', '33', '91', '351'])} {n[:3]} {n[3:]}",
            f"+1 (2{n[:2]}) 3{n[2:4]}-{n[4:8]}",
            f"+{rng.choice(['86', '34', '81'])}{n}",
            f"0{rng.randint(20, 99)} {n[:7]}",
            f"(4{n[:2]}) 5{n[2:4]}-{n[4:8]}",
        ]
    )


def key(rng):
    return rng.choice(
        [
            rng.choice(PREFIXES) + some(rng, LETTERS + DIGITS, 32) + "7Bx4Kd",
            "AKIA" + some(rng, string.ascii_uppercase + DIGITS, 14) + "Q7",
            "eyJ" + some(rng, LETTERS, 20) + "1A." + some(rng, LETTERS, 30) + "9." + some(rng, LETTERS, 20),
            some(rng, LETTERS + DIGITS + "/+", 34) + "a7Zb9Q",
        ]
    )


def card(rng):
    body = rng.choice(["4", "51", "55", "37"])
    length = 15 if body == "37" else 16
    body += some(rng, DIGITS, length - 1 - len(body))
    total = sum(sum(divmod(int(d) * (2 - place % 2), 10)) for place, d in enumerate(reversed(body)))
    whole = body + str(-total % 10)
    sep = rng.choice(["", " ", "-"])
    return sep.join(whole[at : at + 4] for at in range(0, len(whole), 4))


def account(rng):
    country, length = rng.choice(list(LENGTHS.items()))
    body = some(rng, DIGITS, length - 4)
    check = 98 - int("".join(str(int(char, 36)) for char in body + country + "00")) % 97
    whole = f"{country}{check:02d}{body}"
    return whole if rng.random() < 0.5 else " ".join(whole[at : at + 4] for at in range(0, length, 4))


KINDS = (email, phone, key, card, account)
PLACES = (
    lambda c: trace(user(f"write to {c}."), model("ok"), id="t", answer="ok"),
    lambda c: trace(user("hi"), model(f"It is {c}, he said"), id="t", answer=f"It is {c}, he said"),
    lambda c: trace(user("hi"), call("send", {"to": c, "deep": [{"x": f"a {c} b"}]}), id="t"),
    lambda c: trace(user("hi"), call("send", {f"for {c}": 1}), id="t"),
    lambda c: trace(user("hi"), call("find", {}, {"rows": [c], "note": f"<{c}>"}), id="t"),
    lambda c: trace(user("hi"), retrieval(("d1", f"Contact: {c}")), id="t"),
    lambda c: trace(user("hi"), call("find", {}, error=f"no such user {c}"), id="t"),
    lambda c: trace(user("hi"), model("ok"), id=f"{c}", answer="ok"),
    lambda c: trace(user("hi"), model("ok"), id="t", metadata={"user": c}),
)


@pytest.fixture(scope="module")
def canaries():
    rng = random.Random(31)
    return [KINDS[number % len(KINDS)](rng) for number in range(500)]


def planted(kit, canaries):
    """A unit per canary, in every place in turn; the reason quotes it too."""
    for number, canary in enumerate(canaries):
        sample = PLACES[number % len(PLACES)](canary)
        yield kit.unit(
            number, k=1, trace=sample.id, sha256=f"{number:064x}", payload=msgspec.json.encode(sample),
            reasons=(("leaked_secret", f"the trace holds {canary}"),),
        )  # fmt: skip


def everything(store):
    """All a reader of the database can find, payloads inflated."""
    with store.read() as connection:
        for table in schema.meta.tables.values():
            for row in connection.execute(select(table)):
                for value in row:
                    yield zlib.decompress(value).decode() if isinstance(value, bytes) else str(value)


def seen(canaries, texts):
    whole = "\n".join(texts)
    return [canary for canary in canaries if canary in whole]


def test_no_canary_of_five_hundred_is_kept_or_shown(store, kit, canaries):
    assert len(set(canaries)) == 500
    assert kit.fill(store, *planted(kit, canaries)) == 500
    assert seen(canaries, everything(store)) == []
    lease = claim(store, "default", "ana")
    assert isinstance(lease, Lease)
    kit.give(store, "ana")
    assert seen(canaries, [repr(lease), repr(show(store, lease.item, "ana"))]) == []


def test_the_canaries_would_sing_without_redaction(store, kit, canaries, monkeypatch):
    from traceeval.review import subjects as room

    monkeypatch.setattr(room, "redact", lambda payload: payload)
    kit.fill(store, *planted(kit, canaries[:45]))
    assert len(seen(canaries[:45], everything(store))) >= 36


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("password: hunter2!", "password: [REDACTED password]"),
        ("SSN 219-09-9999.", "SSN [REDACTED identity]."),
        ("wJalrXUtnFEMI7K7MDENGbPxRfiCY3XAMPLEKEYz1", "[REDACTED key]"),
    ],
)
def test_passwords_identity_numbers_and_random_tokens_are_taken_out(text, shown):
    assert redact_text(text) == shown
    assert redact_text(shown) == shown


@pytest.mark.parametrize(
    "text",
    [
        "the password is wrong", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "src/main/java/org/example/Project2024/VeryLongClassName3.java", "aVeryLongCamelCaseIdentifierOfSomeTest12345",
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghij", "https://example.org/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q",
    ],
)  # fmt: skip
def test_what_has_a_pattern_is_no_random_token(text):
    assert redact_text(text) == text


def names(text):
    at = text.find("Ada Lovelace")
    return [(at, at + 12, "person")] if at >= 0 else []


@pytest.fixture
def plugged(monkeypatch):
    """Detectors of plug-ins, as if they were installed."""

    def plug(**found):
        monkeypatch.setattr("traceeval.review.redact.plugged", lambda: found)

    return plug


def test_a_detector_of_a_plug_in_joins_in_and_is_named_in_the_version(plugged):
    plugged(**{"names@1.0": names})
    assert redact_text("Ask Ada Lovelace or bo@corp.example") == "Ask [REDACTED person] or [REDACTED email]"
    assert redaction_version() == "redact@2+names@1.0"


@pytest.mark.parametrize(
    "bad", [lambda text: 1 / 0, lambda text: [(5, 2, "x")], lambda text: [(0, 10**9, "x")], lambda text: [(1,)]]
)
def test_what_a_failing_detector_was_to_read_is_blocked_and_never_shown(store, kit, plugged, bad):
    plugged(bad=bad)
    with pytest.raises(RedactionFailed, match="detector bad"):
        redact_text("some text")
    kit.fill(store, kit.unit(1))
    assert kit.items(store) == {"blocked": 1}
    assert not isinstance(claim(store, "default", "ana"), Lease)
    assert not any("question 1" in text for text in everything(store))


def test_a_trace_nested_too_deep_is_blocked(store, kit):
    kit.fill(store, kit.unit(1, payload=b'{"a":' * 5_000 + b"1" + b"}" * 5_000))
    assert kit.items(store) == {"blocked": 1}


def test_places_that_overlap_are_one():
    assert detectors.without("abcdefgh", [(4, 6, "y"), (1, 5, "x"), (7, 8, "z")]) == "a[REDACTED x]g[REDACTED z]"


@pytest.fixture
def originals(tmp_path):
    made = Originals(f"sqlite:///{tmp_path / 'originals.db'}")
    yield made
    made.close()


def test_an_original_is_kept_apart_and_readable_by_its_owner_only(store, kit, originals, tmp_path):
    unit = kit.unit(1, payload=msgspec.json.encode(PLACES[0]("bo@corp.example")))
    kit.fill(store, unit, keep=originals.keep)
    assert originals.get(unit.sha256) == unit.payload
    assert (tmp_path / "originals.db").stat().st_mode & 0o077 == 0
    assert not any("bo@corp" in text for text in everything(store))


def test_a_reveal_needs_a_reason_and_stands_on_record_before_anything_is_shown(store, kit, originals):
    unit = kit.unit(1)
    kit.fill(store, unit, keep=originals.keep)
    with pytest.raises(Refused, match="reason"):
        reveal(store, originals, unit.sha256, "lead", " ")
    assert reveal(store, originals, unit.sha256, "lead", "the names matter here") == unit.payload
    with pytest.raises(NotFound):
        reveal(store, originals, "f" * 64, "lead", "just looking around")
    with store.read() as connection:
        acts = connection.execute(select(schema.lead_action.c.action, schema.lead_action.c.about)).all()
    assert acts == [("reveal", f"subject:{unit.sha256}"), ("reveal", f"subject:{'f' * 64}")]
    assert verify(store).problem is None


def test_erasing_a_trace_takes_two_and_takes_its_original_too(store, kit, originals):
    unit = kit.unit(1, k=1)
    kit.fill(store, unit, keep=originals.keep)
    kit.give(store, "ana")
    about = f"subject:{unit.sha256}"
    assert not erase_everywhere(store, originals, about, "lead", "asked by the person")
    assert originals.get(unit.sha256)
    assert erase_everywhere(store, originals, about, "admin", "asked by the person")
    with pytest.raises(NotFound, match="erased"):
        originals.get(unit.sha256)
    assert verify(store).problem is None


def test_erasing_a_trace_takes_what_somebody_was_writing_on_it_too(store, kit):
    units = kit.unit(1), kit.unit(2)
    kit.fill(store, *units)
    for _ in units:
        lease = claim(store, "default", "ana")
        save_draft(store, lease.slot, "ana", lease.fence, {"rationale": "it names Jane"})
        kit.give(store, "ana")
        save_draft(store, lease.slot, "ana", lease.fence, {"rationale": "it names Jane"})
    for who in ("lead", "admin"):
        erase_everywhere(store, None, f"subject:{units[0].sha256}", who, "asked by the person")
    with store.read() as connection:
        slot = schema.slot
        left = select(slot.c.subject_sha256).join(schema.draft, schema.draft.c.slot_id == slot.c.id)
        assert connection.execute(left).scalars().all() == [units[1].sha256]


def test_a_failed_redaction_keeps_the_original_for_whoever_may_see_it(store, kit, originals):
    unit = kit.unit(1, payload=b"no json")
    kit.fill(store, unit, keep=originals.keep)
    assert kit.items(store) == {"blocked": 1}
    assert reveal(store, originals, unit.sha256, "lead", "why was it blocked") == b"no json"


def test_the_second_response_of_a_pair_is_redacted_too():
    told = [msgspec.json.encode(trace(user(f"write to {side}@canary.example"), id="t")) for side in ("first", "second")]
    assert b"canary.example" not in prepare("a" * 64, "t", *told).payload
