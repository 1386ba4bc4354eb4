"""The words of the hosted pages, in English and Swedish. They are Stripe's, so not among Velory's texts."""

WORDS = {
    "stand_in": ("Stand-in for Stripe", "Ställföreträdare för Stripe"),
    "no_money": (
        "This page stands in for Stripe. No money moves; pay with a test card, never with a real one.",
        "Den här sidan står i stället för Stripe. Inga pengar flyttas; betala med ett testkort, aldrig ett riktigt.",
    ),
    "back_to": ("Back to {name}", "Tillbaka till {name}"),
    "pay_to": ("Pay {name}", "Betala {name}"),
    "save_for": ("Save a card for {name}", "Spara ett kort för {name}"),
    "quantity": ("Quantity {n}", "Antal {n}"),
    "total": ("Total", "Totalt"),
    "your_details": ("Your details", "Dina uppgifter"),
    "pay_by_card": ("Pay by card", "Betala med kort"),
    "email": ("Email", "E-post"),
    "number": ("Card number", "Kortnummer"),
    "expiry": ("Expires, MM/YY", "Till, MM/ÅÅ"),
    "cvc": ("Security code", "Säkerhetskod"),
    "holder": ("Name on the card", "Namn på kortet"),
    "pay": ("Pay {amount}", "Betala {amount}"),
    "save": ("Save card", "Spara kort"),
    "cards": ("Test cards", "Testkort"),
    "cards_note": ("Choose one and it is filled in.", "Välj ett så fylls det i."),
    "good": ("pays", "betalar"),
    "declined": ("is declined", "nekas"),
    "asks": ("asks for its holder (3-D Secure)", "kräver kortinnehavaren (3-D Secure)"),
    "poor": ("has insufficient funds", "saknar täckning"),
    "slow": ("pays; a refund takes an hour", "betalar; en återbetalning tar en timme"),
    "returns": ("pays; a refund fails after an hour", "betalar; en återbetalning misslyckas efter en timme"),
    "declined_later": ("can be saved; declined when it is charged", "kan sparas; nekas när det debiteras"),
    "disputed": ("pays; the charge is disputed at once", "betalar; betalningen bestrids genast"),
    "not_paid": ("The payment did not go through", "Betalningen gick inte igenom"),
    "number_wrong": ("Card number: give all its digits", "Kortnummer: ange alla siffror"),
    "expiry_wrong": ("Expires: give a month and a year to come", "Till: ange en kommande månad och ett år"),
    "cvc_wrong": ("Security code: give three digits", "Säkerhetskod: ange tre siffror"),
    "email_wrong": ("Email: give an address", "E-post: ange en adress"),
    "complete": ("This has been paid", "Detta är betalt"),
    "complete_setup": ("The card has been saved", "Kortet är sparat"),
    "complete_more": ("Nothing more is to be done on this page.", "Inget mer behöver göras på den här sidan."),
    "expired": ("This page has expired", "Sidan har gått ut"),
    "expired_more": ("Nothing was paid. Go back to begin again.", "Inget har betalats. Gå tillbaka för att börja om."),
    "shut": ("{name} takes no payments here at the moment", "{name} tar inte emot betalningar här just nu"),
    "shut_more": ("Nothing was paid.", "Inget har betalats."),
    "missing": ("There is no such page", "Sidan finns inte"),
    "missing_more": ("The address may be cut short.", "Adressen kan vara avkortad."),
    "bank": ("Your bank asks", "Din bank frågar"),
    "bank_more": (
        "Do you confirm the payment of {amount} to {name} with the card ending in {last4}?",
        "Godkänner du betalningen på {amount} till {name} med kortet som slutar på {last4}?",
    ),
    "bank_save": (
        "Do you confirm that {name} saves the card ending in {last4}?",
        "Godkänner du att {name} sparar kortet som slutar på {last4}?",
    ),
    "confirm": ("Confirm", "Godkänn"),
    "refuse": ("Refuse", "Neka"),
    "receipt": ("Receipt from {name}", "Kvitto från {name}"),
    "paid_on": ("Paid {date} with {brand} ending in {last4}", "Betalt {date} med {brand} som slutar på {last4}"),
    "refunded": ("Refunded: {amount}", "Återbetalt: {amount}"),
    "setup": ("Connect {name} to Stripe", "Anslut {name} till Stripe"),
    "setup_more": (
        "Stripe would ask here for the company's bank account and papers. The stand-in asks for the name alone.",
        "Här skulle Stripe fråga efter bankkonto och handlingar. Ställföreträdaren frågar bara efter namnet.",
    ),
    "company": ("Name that payers see", "Namn som betalare ser"),
    "currency": ("Currency", "Valuta"),
    "connect": ("Connect", "Anslut"),
    "later": ("Finish later", "Slutför senare"),
    # What a bank says
    "generic_decline": ("Your card was declined.", "Ditt kort nekades."),
    "insufficient_funds": ("Your card has insufficient funds.", "Ditt kort saknar täckning."),
    "test_mode_live_card": (
        "This is not a test card. Only the test cards below work here.",
        "Detta är inget testkort. Bara testkorten nedan fungerar här.",
    ),
    "expired_card": ("Your card has expired.", "Ditt kort har gått ut."),
    "incorrect_cvc": ("Your card's security code is incorrect.", "Kortets säkerhetskod är fel."),
    "processing_error": (
        "An error occurred while processing your card. Try again in a little while.",
        "Ett fel uppstod när kortet behandlades. Försök igen om en stund.",
    ),
    "payment_intent_authentication_failure": (
        "The payment was not confirmed with your bank. Try again or use another card.",
        "Betalningen godkändes inte hos din bank. Försök igen eller använd ett annat kort.",
    ),
}


def language_of(locale: str | None, accepted: str) -> str:
    """`sv` or `en`: what the seller asked for, or else the browser."""
    if locale and locale != "auto":
        return "sv" if locale == "sv" else "en"
    for part in accepted.lower().split(","):
        tag = part.split(";")[0].strip()[:2]
        if tag in {"sv", "en"}:
            return tag
    return "en"


def say(language: str, name: str, /, **facts: str) -> str:
    """A text in a language."""
    return WORDS[name][language == "sv"].format(**facts)


def all_words(language: str) -> dict[str, str]:
    """Every text in a language, for a template."""
    return {name: both[language == "sv"] for name, both in WORDS.items()}
