"""What the desk says, in three languages. ``{...}`` is filled in by whoever says it."""

from __future__ import annotations

from examples.support_desk.reading import Language

_SAID: dict[str, tuple[str, str, str]] = {
    "ask_email": (
        "Could you tell me the e-mail address of your account, please?",
        "Können Sie mir bitte die E-Mail-Adresse Ihres Kontos nennen?",
        "Quelle est l'adresse e-mail de votre compte, s'il vous plaît ?",
    ),
    "no_email": (
        "I am sorry, I cannot change an order before I know by the e-mail address whose it is.",
        "Leider kann ich eine Bestellung nicht ändern, solange ich nicht weiß, wem sie gehört.",
        "Je suis désolé, je ne peux pas modifier une commande sans savoir à qui elle appartient.",
    ),
    "ask_order": (
        "Which order do you mean: {orders}?",
        "Welche Bestellung meinen Sie: {orders}?",
        "De quelle commande parlez-vous : {orders} ?",
    ),
    "unknown": (
        "I am sorry, I could not find {what}.",
        "Leider konnte ich {what} nicht finden.",
        "Je suis désolé, je n'ai pas trouvé {what}.",
    ),
    "not_yours": (
        "I am sorry, I cannot discuss order {order}: it is not registered under your e-mail address.",
        "Leider kann ich über die Bestellung {order} nicht sprechen: sie gehört nicht zu Ihrer E-Mail-Adresse.",
        "Je suis désolé, la commande {order} n'est pas liée à votre adresse e-mail.",
    ),
    "business": (
        "I am sorry, order {order} cannot be refunded: consumer return rights do not apply to business customers.",
        "Leider ist keine Erstattung für {order} möglich: Geschäftskunden haben kein Rückgaberecht.",
        "Je suis désolé, {order} ne peut pas être remboursée : le droit de retour ne vaut pas pour les professionnels.",
    ),
    "refunded": (
        "Order {order} was already refunded with {amount} euros, so I cannot refund it again.",
        "Für {order} wurden bereits {amount} Euro erstattet.",
        "{amount} euros ont déjà été remboursés pour {order}.",
    ),
    "too_late": (
        "I am sorry, order {order} was delivered {days} days ago, and returns are possible within 30 days of delivery. "
        "I cannot make an exception.",
        "Leider wurde {order} vor {days} Tagen geliefert; eine Rückgabe ist innerhalb von 30 Tagen möglich.",
        "Je suis désolé, {order} a été livrée il y a {days} jours ; le retour est possible dans les 30 jours.",
    ),
    "not_delivered": (
        "Order {order} is {status}; a refund is possible once it has been delivered and sent back.",
        "{order} ist noch nicht geliefert; eine Erstattung ist erst nach der Rückgabe möglich.",
        "{order} n'est pas encore livrée ; le remboursement est possible après le retour.",
    ),
    "price_unknown": (
        "I am sorry, I cannot see what was paid for order {order}, so I cannot refund it now.",
        "Leider sehe ich nicht, was für {order} bezahlt wurde.",
        "Je suis désolé, je ne vois pas ce qui a été payé pour {order}.",
    ),
    "propose_refund": (
        "I can refund {amount} euros for order {order}, the {item}, {to}. Shall I go ahead?",
        "Ich kann Ihnen {amount} Euro für die Bestellung {order} {to} erstatten. Soll ich das tun?",
        "Je peux vous rembourser {amount} euros pour la commande {order} {to}. Dois-je le faire ?",
    ),
    "to_card": ("to your card", "auf Ihre Karte", "sur votre carte"),
    "to_credit": ("as store credit, as it was bought on sale", "als Guthaben", "en avoir"),
    "done_refund": (
        "I have refunded {amount} euros for order {order} {to}.",
        "Ich habe {amount} Euro für die Bestellung {order} {to} erstattet.",
        "J'ai remboursé {amount} euros pour la commande {order} {to}.",
    ),
    "kept": (
        "Understood: order {order} stays as it is, and I have not refunded anything.",
        "Verstanden: {order} bleibt, wie sie ist.",
        "Entendu : rien ne change pour {order}.",
    ),
    "done_cancel": (
        "Order {order}, the {item}, has been cancelled.",
        "Die Bestellung {order} ist storniert.",
        "La commande {order} est annulée.",
    ),
    "cannot_cancel": (
        "I am sorry, order {order} is already {status} and cannot be cancelled; you can return it after delivery.",
        "Leider lässt sich {order} nicht mehr stornieren: sie ist schon unterwegs oder verpackt.",
        "Je suis désolé, {order} ne peut plus être annulée : elle est déjà préparée.",
    ),
    "propose_move": (
        "I will have order {order}, the {item}, delivered to {address}. Is that right?",
        "Ich lasse {order} an {address} liefern. Ist das richtig?",
        "Je fais livrer {order} à l'adresse {address}. Est-ce exact ?",
    ),
    "done_move": (
        "Order {order} will be delivered to {address}.",
        "{order} wird an {address} geliefert.",
        "{order} sera livrée à {address}.",
    ),
    "done_ticket": (
        "I have opened ticket {ticket} for a colleague.",
        "Ich habe das Ticket {ticket} eröffnet.",
        "J'ai ouvert le ticket {ticket}.",
    ),
    "done_search": (
        "The tracking of {order} has not changed for {days} days, so the parcel counts as missing. I have opened ticket "
        "{ticket} for a search, which takes up to 10 days.",
        "Die Sendung {order} gilt als vermisst. Ich habe das Ticket {ticket} für eine Suche eröffnet.",
        "Le suivi de {order} n'a pas changé depuis {days} jours. J'ai ouvert le ticket {ticket} pour le faire rechercher.",
    ),
    "done_mail": ("I have sent it to {to}.", "Ich habe es an {to} geschickt.", "Je l'ai envoyé à {to}."),
    "parcel": (
        "The parcel of order {order} is {status}. The carrier says: {message}",
        "Das Paket {order}: {status}. Der Zusteller meldet: {message}",
        "Le colis {order} : {status}. Le transporteur indique : {message}",
    ),
    "order_status": (
        "Order {order}, the {item}, is {status}, to be delivered to {address}.",
        "Die Bestellung {order} ist {status}.",
        "La commande {order} est {status}.",
    ),
    "ticket": ("{ticket}: {text}", "{ticket}: {text}", "{ticket} : {text}"),
    "failed": (
        "I am sorry, that did not work: {why}. I was not able to finish it; please try again later or ask a colleague.",
        "Leider hat das nicht geklappt: {why}. Bitte versuchen Sie es später noch einmal.",
        "Malheureusement, cela n'a pas fonctionné : {why}. Veuillez réessayer plus tard.",
    ),
    "unsure": (
        "I am sorry, the system did not answer and I could not confirm {what}; a colleague has to look.",
        "Leider konnte ich {what} nicht bestätigen.",
        "Malheureusement, je n'ai pas pu confirmer {what}.",
    ),
    "private": (
        "I am sorry, I cannot give out data of customers; I may only discuss an order with its owner.",
        "Das kann ich leider nicht: Daten anderer Kunden darf ich nicht herausgeben.",
        "Je suis désolé, je ne peux pas communiquer les données d'un client.",
    ),
    "declined": (
        "I am sorry, I cannot help with that; I can help with orders and appliances of Brightleaf.",
        "Dabei kann ich leider nicht helfen.",
        "Je suis désolé, je ne peux pas vous aider pour cela.",
    ),
    "danger": (
        "Please call the emergency number or a poison centre right now. I cannot give medical advice.",
        "Bitte rufen Sie sofort den Notruf 112 oder den Giftnotruf an.",
        "Appelez immédiatement le 112 ou le centre antipoison.",
    ),
    "nothing_found": (
        "I am sorry, I could not find an answer to this in our help centre.",
        "Dazu konnte ich leider nichts finden.",
        "Je suis désolé, je n'ai rien trouvé à ce sujet.",
    ),
    "welcome": ("You are welcome.", "Gern geschehen.", "Avec plaisir."),
}
_ARTICLES: dict[str, tuple[str, str]] = {
    "kb-001": (
        "Sie können einen Kauf innerhalb von 30 Tagen nach der Lieferung zurückgeben.",
        "Un achat peut être retourné dans les 30 jours suivant la livraison.",
    ),
    "kb-005": (
        "Die Grundgarantie gilt 24 Monate. Wasserschäden sind nicht abgedeckt.",
        "La garantie de base dure 24 mois. Les dégâts des eaux ne sont pas couverts.",
    ),
}
_CARRIER: dict[str, tuple[str, str]] = {
    "at the ferry terminal": ("am Fährterminal", "au terminal des ferries"),
    "out for delivery": ("in Zustellung", "en cours de livraison"),
    "in transit": ("unterwegs", "en route"),
}
_PLACE: dict[Language, int] = {"en": 0, "de": 1, "fr": 2}


def say(language: Language, key: str, **values: object) -> str:
    """A sentence of the desk."""
    return _SAID[key][_PLACE[language]].format(**values)


def article(language: Language, id: str, text: str) -> str:
    """An article in the customer's language, where somebody has translated it; else as it is."""
    return text if language == "en" or id not in _ARTICLES else _ARTICLES[id][_PLACE[language] - 1]


def carrier(language: Language, status: str) -> str:
    """What the carrier calls the whereabouts of a parcel."""
    return status if language == "en" or status not in _CARRIER else _CARRIER[status][_PLACE[language] - 1]


def money(language: Language, amount: float) -> str:
    """``49.90``, or ``49,90``."""
    return f"{amount:.2f}" if language == "en" else f"{amount:.2f}".replace(".", ",")
