"""Simulated users: scripts, state machines, recordings; what nobody foresaw is counted."""

import msgspec
import pytest
from tests.replay._run import shop, trial

from traceeval.graph._speech import asks, claims_done, proposes
from traceeval.model import ToolRequest
from traceeval.model.user import Guard, User
from traceeval.replay.users._guards import holds
from traceeval.replay.users.scripted import Scripted
from traceeval.replay.users.state_machine import StateMachine


def user(**fields) -> User:
    return msgspec.convert(fields, User)


@pytest.mark.parametrize(
    ("text", "about", "asking"),
    [
        ("What is the reason?", ["reason"], True),
        ("Could you tell me why you cancel? I need the reasons.", ["reason"], True),
        ("Please provide your order number.", ["order_number"], True),
        ("The reason is bad weather.", ["reason"], False),
        ("Is there anything else I can help you with?", [], False),
        ("Your order is cancelled.", [], False),
        ("Which order is it?", ["reason"], False),
        ("Nennen Sie mir bitte Ihre Bestellnummer.", [], True),
        ("Ich brauche noch den Grund.", ["grund"], True),
        ("Kann ich sonst noch etwas für Sie tun?", [], False),
        ("Die Bestellung ist storniert.", [], False),
        ("Das kann ich leider nicht: Daten anderer Kunden darf ich nicht herausgeben.", [], False),
        ("Dort können Sie das Gerät zurückgeben.", [], False),
        ("I am sorry, I cannot see what was paid for order BL-1, so I cannot refund it now.", [], False),
        ("Veuillez indiquer la raison de l'annulation.", ["raison"], True),
        ("Pourriez-vous me donner votre adresse e-mail", [], True),
        ("Puis-je faire autre chose pour vous ?", [], False),
        ("La commande est annulée.", [], False),
        ("Veuillez réessayer plus tard.", [], False),
        ("Bitte versuchen Sie es später noch einmal.", [], False),
    ],
)
def test_asking(text, about, asking):
    assert asks(text, about) is asking


@pytest.mark.parametrize(
    ("text", "tool", "proposing"),
    [
        ("Shall I cancel order BL-1?", "cancel_order", True),
        ("I will refund 5 euros if you agree.", "refund_order", True),
        ("I have cancelled order BL-1.", "cancel_order", False),
        ("Shall I refund it?", "cancel_order", False),
        ("I cannot refund this order.", "refund_order", False),
        ("I am sorry, I can't refund it: it was bought 40 days ago.", "refund_order", False),
        ("Unfortunately we will not be able to refund you.", "refund_order", False),
        ("Refunds are not possible after 30 days. Is that all right?", "refund_order", False),
        ("I cannot cancel it, but I could refund 5 euros.", "refund_order", True),
        ("I cannot cancel it, but I could refund 5 euros.", "cancel_order", False),
        ("Do you want me to refund it, or not?", "refund_order", True),
        ("If you do not object, I will refund it.", "refund_order", True),
        ("Don't you want me to refund it?", "refund_order", True),
        ("Soll ich die Bestellung BL-1 stornieren?", "cancel_order", True),
        ("Ich kann Ihnen 329,00 Euro erstatten. Soll ich das tun?", "refund_order", True),
        ("Soll ich stornieren oder nicht?", "cancel_order", True),
        ("Soll ich die Lieferadresse auf 5 Church Walk ändern?", "update_address", True),
        ("Leider kann ich die Bestellung nicht stornieren.", "cancel_order", False),
        ("Eine Erstattung ist leider nicht mehr möglich.", "refund_order", False),
        ("Stornieren kann ich sie nicht, aber ich kann den Preis erstatten.", "refund_order", True),
        ("Stornieren kann ich sie nicht, aber ich kann den Preis erstatten.", "cancel_order", False),
        ("Ich habe die Bestellung storniert.", "cancel_order", False),
        ("Voulez-vous que j'annule la commande BL-1 ?", "cancel_order", True),
        ("Je peux vous rembourser 40,00 euros. Dois-je le faire ?", "refund_order", True),
        ("Si vous n'y voyez pas d'inconvénient, je vous rembourserai.", "refund_order", True),
        ("Je ne peux pas annuler cette commande.", "cancel_order", False),
        ("Le remboursement n'est plus possible.", "refund_order", False),
        ("Je ne peux pas l'annuler, mais je peux vous rembourser.", "refund_order", True),
        ("Je ne peux pas l'annuler, mais je peux vous rembourser.", "cancel_order", False),
        ("J'ai annulé la commande.", "cancel_order", False),
    ],
)
def test_proposing(text, tool, proposing):
    assert proposes(text, tool) is proposing


@pytest.mark.parametrize(
    ("text", "deed", "claiming"),
    [
        ("Order BL-1 is cancelled.", "cancel_order", True),
        ("I have cancelled the order.", "cancelled", True),
        ("Cancelled order BL-1.", "cancel_order", True),
        ("I will cancel the order.", "cancel_order", False),
        ("Shall I cancel the order?", "cancel_order", False),
        ("The order could not be cancelled.", "cancel_order", False),
        ("The money was refunded.", "cancel_order", False),
        ("Die Bestellung BL-1 ist storniert.", "cancel_order", True),
        ("Ich habe 329,00 Euro für die Bestellung BL-1003 erstattet.", "refund_order", True),
        ("Ihre Adresse wurde geändert.", "update_address", True),
        ("Ich werde die Bestellung stornieren.", "cancel_order", False),
        ("Die Bestellung wurde nicht storniert.", "cancel_order", False),
        ("Soll ich die Bestellung stornieren?", "cancel_order", False),
        ("Der Betrag wurde erstattet.", "cancel_order", False),
        ("La commande BL-1 est annulée.", "cancel_order", True),
        ("J'ai remboursé 40,00 euros sur votre carte.", "refund_order", True),
        ("Votre adresse a été modifiée.", "update_address", True),
        ("Je vais annuler la commande.", "cancel_order", False),
        ("La commande n'a pas été annulée.", "cancel_order", False),
        ("Le montant a été remboursé.", "cancel_order", False),
    ],
)
def test_claiming(text, deed, claiming):
    assert claims_done(text, deed) is claiming


def test_a_called_tool_is_told_by_glob_and_arguments():
    guard = msgspec.convert({"tool_called": {"tool": "get_*", "args": {"id": {"$one_of": [1, 2]}}}}, Guard)
    assert holds(guard, "", [ToolRequest(name="get_order", arguments={"id": 2})])
    assert not holds(guard, "", [ToolRequest(name="get_order", arguments={"id": 3})])
    assert not holds(guard, "", [ToolRequest(name="set_order", arguments={"id": 2})])
    assert not holds(guard, "", [ToolRequest(name="get_order", raw="{")])


def test_a_script_says_the_first_turn_that_fits_each_once():
    one = Scripted(
        user(
            turns=[
                {"say": "Cancel BL-1."},
                {"when": {"agent_asks": ["reason"]}, "say": "It is late."},
                {"when": {"agent_proposes": {"tool": "cancel_order"}}, "say": "Yes."},
            ]
        )
    )
    assert one.first() == "Cancel BL-1."
    assert one.reply("Shall I cancel it?", ()).text == "Yes."
    assert one.reply("For what reason?", ()).text == "It is late."
    last = one.reply("For what reason?", ())
    assert (last.text, last.matched) == (None, False)


def test_a_question_nobody_foresaw_gets_the_words_for_it_and_is_counted(tmp_path):
    suite = shop(tmp_path, user={"turns": [{"say": "Hello."}], "on_unmatched": "I do not know."})

    def curious(session):
        assert session.say("Which order do you mean?") == "I do not know."
        assert session.say("Then I am done.") is None

    found = trial(suite, curious)
    assert found.trial.ended == "done", found.trial.why
    assert found.trial.unmatched == found.outcome.unmatched == 1
    assert found.outcome.notes == {"user_sim_unmatched": 1}


def test_a_statement_ends_the_talk_and_is_no_surprise(tmp_path):
    found = trial(shop(tmp_path), lambda session: session.say("Goodbye."))
    assert found.trial.unmatched == 0


def test_a_state_machine_follows_the_agent():
    machine = StateMachine(
        user(
            mode="state_machine",
            states={
                "start": {
                    "say": "Hello.",
                    "moves": [
                        {"when": {"agent_asks": ["number"]}, "to": "number"},
                        {"when": {"agent_claims": {"effect": "cancel_order"}}, "to": "thanks"},
                    ],
                },
                "number": {"say": "BL-1.", "moves": [{"to": "start"}]},
                "thanks": {"say": "Thanks."},
            },
        )
    )
    assert machine.first() == "Hello."
    assert machine.reply("What is your number?", ()).text == "BL-1."
    assert machine.reply("Well.", ()).text == "Hello."
    assert machine.reply("The order is cancelled.", ()).text == "Thanks."
    assert machine.reply("Bye.", ()).text is None


def test_a_state_machine_without_end_is_ended():
    machine = StateMachine(
        user(mode="state_machine", states={"start": {"say": "Hi.", "moves": [{"to": "start"}]}}, most_turns=5)
    )
    machine.first()
    assert [machine.reply("Hm.", ()).text for _ in range(5)] == ["Hi."] * 4 + [None]


def test_a_state_machine_that_leads_nowhere_is_refused():
    with pytest.raises(msgspec.ValidationError, match="no state gone"):
        user(mode="state_machine", states={"start": {"say": "Hi.", "moves": [{"to": "gone"}]}})


def test_recorded_turns_are_said_word_for_word(tmp_path):
    suite = shop(tmp_path)
    first = trial(suite, "reference").trial.trace
    (suite.folder / "old.jsonl").write_bytes(msgspec.json.encode(first) + b"\n")
    suite = shop(tmp_path, user={"mode": "recorded", "trace": "old.jsonl"})
    assert trial(suite, "reference").trial.trace == first
