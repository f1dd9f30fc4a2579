"""What the findings of store health mean, and what to do about them."""

from collections.abc import Mapping
from typing import Any

from admin_app.language import N_, gettext

FINDINGS = {
    "token": (N_("Access to the store"), N_("BigCommerce accepts our access.")),
    "checkout": (N_("Checkout"), N_("The store uses Optimized One-Page Checkout.")),
    "currencies": (N_("Currencies"), N_("Every currency that is owed can be charged.")),
    "clock": (N_("Clock"), N_("Our clock and the store's agree.")),
    "methods": (N_("Payment methods for invoices"), N_("Buyers have a way to pay online.")),
    "probe": (N_("Probe cart"), N_("A cart of the payment product costs exactly what is paid.")),
    "mails": (N_("E-mails of the store"), N_("The store sends buyers no e-mail of its own about payments.")),
    "invoicing": (N_("Only one invoice portal"), N_("B2B Edition's own invoices are switched off.")),
}
"""What each finding is called, and what it says when all is well; in the order in which they are shown."""

_WHY: dict[str, tuple[str, str, str]] = {
    "disconnected": (N_("%(said)s"), N_("Open the app from the control panel as the store's owner."), ""),
    "unreachable": (N_("It could not be asked: %(said)s"), N_("Try again in a few minutes."), ""),
    "refused": (N_("%(said)s"), N_("Grant what is missing by installing the app again."), ""),
    "not_optimized": (
        N_("The checkout is of another kind: %(kind)s."),
        N_("In BigCommerce, under Settings, Checkout, choose Optimized One-Page Checkout."),
        "",
    ),
    "not_charged": (
        N_("Invoices are owed in currencies the store cannot charge: %(owed)s."),
        N_("Make them transactional in BigCommerce, or record payments by hand."),
        "",
    ),
    "skew": (
        N_("Our clock is %(seconds)s seconds off the store's."),
        N_("Ask who runs the portal to set the server's clock."),
        "",
    ),
    "no_method": (
        N_("None of the store's payment methods may pay invoices."),
        N_("Tick one under Payment methods, or switch on a card gateway in BigCommerce."),
        "settings.methods",
    ),
    "test_mode": (
        N_("In test mode: %(names)s. It takes no real money."),
        N_("Switch test mode off in BigCommerce before buyers pay."),
        "settings.methods",
    ),
    "not_read": (N_("The store was not read yet."), N_("Wait for the set-up to finish."), ""),
    "no_product": (N_("There is no payment product yet."), N_("Repair the payment product above."), ""),
    "not_exact": (
        N_("Checkout would not charge exactly the amount: %(said)s."),
        N_("Leave the payment product out of promotions, taxes and fees, or try custom items under Payment lines."),
        "settings.checkout",
    ),
    "abandoned_cart": (
        N_("The store reminds buyers of abandoned carts."),
        N_("Unpaid payment carts are deleted after 45 minutes. Let reminders start later than that."),
        "",
    ),
    "store_mails": (
        N_("Buyers also get the store's own order e-mail for a payment. It says what was paid."),
        "",
        "",
    ),
    "two_portals": (
        N_("B2B Edition makes invoices too: %(switches)s. Buyers would see two lists."),
        N_("Switch its invoices off in B2B Edition, then bring its open invoices over."),
        "settings.other_invoices",
    ),
}


def found_check(name: str, finding: object) -> dict[str, Any]:
    """A finding as the fields of a check. What was never asked needs attention."""
    label, well = FINDINGS[name]
    if not isinstance(finding, Mapping):
        text = N_("The store was not asked yet.")
        return {"label": label, "text": text, "state": "attention", "advice": N_("Press Check now."), "repair": "check"}
    why = _WHY.get(str(finding.get("why")))
    if why is None:
        return {"label": label, "text": well, "state": str(finding.get("state", "working"))}
    text, advice, link = why
    facts = {key: ", ".join(map(str, value)) if isinstance(value, list) else value for key, value in finding.items()}
    said = gettext(text) % facts
    state = str(finding.get("state", "attention"))
    return {"label": label, "text": said, "state": state, "advice": advice, "repair": "check", "link": link}
