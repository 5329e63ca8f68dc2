"""What customers of the invented organisation say: short Dutch sentences per reason and mood."""

from __future__ import annotations

import numpy as np

from kpi.demo import words as w
from kpi.demo.contact_table import Contacts
from kpi.demo.rhythm import Codes

#: Share of the inbound contacts with a text.
WITH_TEXT = 0.06

CONTACT_TEXTS: dict[str, tuple[str, ...]] = {
    "order_status": (
        "Waar blijft mijn bestelling?",
        "Ik zou bericht krijgen over de levering, maar hoor niets.",
        "Kunt u zien hoe het met mijn aanvraag staat?",
    ),
    "offer": ("Ik wil graag een aanbod voor een laadpaal.", "Wat kost stroom en gas samen?"),
    "delivery_time": ("Wanneer wordt de thermostaat geleverd?", "Hoe lang duurt het nog?"),
    "moving_house": (
        "We gaan verhuizen, hoe neem ik mijn contract mee?",
        "De sleuteloverdracht is volgende maand.",
    ),
    "invoice_explained": (
        "Ik snap mijn jaarafrekening niet.",
        "Waarom is mijn termijnbedrag omhoog gegaan?",
    ),
    "conditions": ("Kan ik tussentijds overstappen?", "Zit er een opzegtermijn op mijn contract?"),
    "letter": (
        "De brief over de tarieven is voor mij niet te volgen.",
        "Wat staat er nu eigenlijk in die brief?",
    ),
    "portal_help": (
        "Ik kom niet verder in de mijn-omgeving.",
        "De site geeft steeds een foutmelding.",
    ),
    "requested_document": ("Kunt u mij het contract nog eens sturen?",),
    "change_product": ("Ik wil van variabel naar vast.", "Kan het cv-onderhoud erbij?"),
    "how_to_use": ("Hoe stel ik de thermostaat in?", "De handleiding is onduidelijk."),
    "reassurance": (
        "Klopt het dat alles nu geregeld is?",
        "Ik wil alleen weten of het goed staat.",
    ),
    "address": ("Mijn adres klopt nog niet.", "Het wijzigen van mijn adres lukt niet op de site."),
    "bank_account": ("Ik heb een nieuw rekeningnummer.",),
    "name": ("Mijn naam staat verkeerd op de rekening.",),
    "sign_in": ("Ik kan niet inloggen.", "De code om in te loggen komt niet aan."),
    "defect": ("De ketel doet het niet meer.", "We hebben geen warm water."),
    "outage": ("Geen verwarming in de hele straat.", "Is er een storing in de wijk?"),
    "fault_status": ("Wanneer is de storing opgelost?", "Ik heb al eerder gebeld over de storing."),
    "engineer_no_show": (
        "De monteur is niet geweest.",
        "Ik heb een hele dag voor niets gewacht.",
    ),
    "late_delivery": (
        "De levering is weer uitgesteld.",
        "Ik wacht al weken op mijn bestelling.",
    ),
    "invoice_wrong": ("Er staat een fout op mijn rekening.", "Ik heb dubbel betaald."),
    "treatment": ("Ik werd van het kastje naar de muur gestuurd.",),
    "broken_promise": (
        "Er is beloofd dat ik teruggebeld zou worden.",
        "Dit was anders afgesproken.",
    ),
    "tip": ("Een tip: stuur een bericht als de monteur onderweg is.",),
    "price": ("Ik vind het te duur geworden.",),
    "service": ("Ik ben niet tevreden over de service.",),
    "moving_out": ("Ik ga samenwonen en zeg op.",),
    "switching": ("Ik stap over naar een andere leverancier.",),
}
PRAISE = (
    "Snel en vriendelijk geholpen.",
    "Prima uitleg, dank.",
    "Goed bereikbaar en duidelijk.",
    "Binnen een dag geregeld.",
)
NEUTRAL = ("Het is gelukt, al duurde het even.", "Gaat wel.", "Redelijk geholpen.")
GRUMBLE = (
    "Ik moest drie keer bellen.",
    "Niemand kon zeggen hoe het ermee staat.",
    "Te lang gewacht op antwoord.",
    "Afspraak niet nagekomen.",
    "Moest mijn verhaal steeds opnieuw doen.",
)
POSTS_NEGATIVE = (
    "Al drie kwartier in de wacht bij Kwartelstroom.",
    "Tariefbrief van Kwartelstroom gelezen, snap er niets van.",
    "Levering wéér uitgesteld door Kwartelstroom.",
    "Kwartelstroom reageert niet op mijn klacht.",
    "App van Kwartelstroom doet het weer eens niet.",
)
POSTS_NEUTRAL = (
    "Iemand ervaring met de laadpaal van Kwartelstroom?",
    "Overstappen naar Kwartelstroom, doen of niet?",
    "Kwartelstroom stuurt vandaag de jaarafrekeningen.",
)
POSTS_POSITIVE = (
    "Netjes geholpen door Kwartelstroom, binnen een dag geregeld.",
    "Monteur van Kwartelstroom was keurig op tijd.",
    "Duidelijke uitleg gekregen van Kwartelstroom.",
)
POSTS_OUTAGE = (
    "Geen verwarming in {neighbourhood}, weet Kwartelstroom hier van?",
    "Weer storing in {neighbourhood}.",
    "Hoelang duurt die storing in {neighbourhood} nog, Kwartelstroom?",
)
REMARKS = (
    "Goede samenvatting aan het eind.",
    "Vroeg door naar de werkelijke vraag.",
    "Verwachting over de afhandeling ontbrak.",
    "Rustig gebleven bij een boze klant.",
    "Kon het antwoord niet vinden in de kennisbank.",
)


def of_contacts(contacts: Contacts, random: np.random.Generator) -> list[str | None]:
    """A text for some of the inbound contacts, None for the others."""
    said: list[str | None] = [None] * len(contacts)
    chosen = np.flatnonzero(contacts.inbound & (random.random(len(contacts)) < WITH_TEXT))
    which = random.random(len(chosen))
    for place, share in zip(chosen.tolist(), which.tolist(), strict=True):
        options = CONTACT_TEXTS[w.REASON_NAMES[contacts.reason[place]]]
        said[place] = options[int(share * len(options))]
    return said


def pick(options: tuple[str, ...], count: int, random: np.random.Generator) -> list[str]:
    """`count` texts out of `options`."""
    places: Codes = random.integers(0, len(options), count)
    return [options[place] for place in places.tolist()]
