"""Names that every help page may exchange: who asks how to turn something off may read "disable".

A question that says one is read as if its owner had made the others synonyms. Only names that mean
the same on every website are here: a word of one trade is for the owner's own synonyms.
"""

from collections.abc import Sequence
from functools import cache
from typing import Final

from answerdesk.knowledge.search.calendar import calendar_names
from answerdesk.knowledge.search.synonyms import SynonymMap, UsedSynonyms

_SHORT: Final = 400
"""Characters up to which a question's days, months and everyday names are looked for."""

_GOES_ON: Final = "\n            /"

_NAMES: Final = {
    "en": """
        turn off / switch off / disable / deactivate
        turn on / switch on / enable / activate
        log in / sign in / log on / login
        log out / sign out / log off / logout
        sign up / register / create an account
        two-factor authentication / two-step verification / two-factor verification / 2FA / MFA
            / two-step authentication / multi-factor authentication / two-step login
        folder / directory
        back up / backup
        parcel / package
        swap / exchange
        refund / money back / reimbursement
        shipping / delivery
        basket / cart / shopping cart
        voucher / coupon / promo code / discount code
        postcode / postal code / zip code
        mobile phone / cell phone / cellphone / smartphone
        opening hours / business hours / hours of operation""",
    "de": """
        ausschalten / abschalten / deaktivieren / abstellen
        einschalten / anschalten / aktivieren
        einloggen / anmelden
        ausloggen / abmelden
        registrieren / Konto erstellen / Konto anlegen
        Zwei-Faktor-Authentifizierung / Zwei-Faktor-Authentisierung / 2FA
            / Zwei-Schritt-Verifizierung / Bestätigung in zwei Schritten
        Ordner / Verzeichnis
        Passwort / Kennwort
        Paket / Päckchen
        Umtausch / Austausch
        Retoure / Rücksendung / Rückgabe
        Rückerstattung / Erstattung / Geld zurück
        Versand / Lieferung
        Gutschein / Rabattcode / Gutscheincode / Aktionscode
        Postleitzahl / PLZ
        Handy / Mobiltelefon / Smartphone
        Abo / Abonnement
        Öffnungszeiten / Geschäftszeiten""",
    "fr": """
        se connecter / s'identifier
        s'inscrire / créer un compte
        authentification à deux facteurs / validation en deux étapes / double authentification
        dossier / répertoire
        colis / paquet
        livraison / expédition
        bon de réduction / code promo / code de réduction
        téléphone portable / téléphone mobile / smartphone
        heures d'ouverture / horaires d'ouverture""",
    "es": """
        iniciar sesión / acceder
        registrarse / crear una cuenta
        autenticación en dos pasos / verificación en dos pasos / autenticación de dos factores
        carpeta / directorio
        móvil / celular
        envío / entrega
        carrito / cesta
        cupón / código promocional / código de descuento
        horario de apertura / horario comercial""",
}


def names_beside(own: Sequence[UsedSynonyms], text: str, language: str) -> Sequence[UsedSynonyms]:
    """Return the names that a question says and pages may not, in the order of the text.

    These are its project's `own` synonyms, which come first, days and months, everyday names.
    """
    if len(text) > _SHORT:
        return own
    used = list(own)
    for one in (*calendar_names(text, language), *everyday_names(text, language)):
        if all(one.end <= other.start or other.end <= one.start for other in used):
            used.append(one)
    return sorted(used, key=lambda one: one.start)


def everyday_names(text: str, language: str) -> Sequence[UsedSynonyms]:
    """Return the everyday names that a question says, with those that pages may say instead."""
    names = _names(language)
    return () if names is None else names.used_in(text, (language,))


@cache
def _names(language: str) -> SynonymMap | None:
    """Return a language's names; a group is a line and those below it that begin with a mark."""
    lines = _NAMES.get(language, "").replace(_GOES_ON, " /").splitlines()
    groups = [[name.strip() for name in line.split("/")] for line in lines if line.strip()]
    return SynonymMap(groups=groups, known=True) if groups else None
