"""What the seller keeps about a company beside B2B Edition: payment terms and billing contacts (R-7, R-27)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from domain.company import Company
from domain.errors import InputInvalid
from domain.events import Act
from domain.ports import OpenWork
from domain.roles import Actor, Right
from domain.terms import Terms

MOST_CONTACTS: Final = 20
_ADDRESS: Final = re.compile(r"[^\s@,;<>\"]{1,64}@[^\s@,;<>\"]{1,190}\.[^\s@,;<>\".]{2,63}")


@dataclass(frozen=True)
class ChangeTerms:
    """Terms of the company's next invoices; None goes back to B2B Edition's or the store's. No existing invoice moves.

    Raises NotAllowed, NotFound.
    """

    open_work: OpenWork

    def __call__(self, actor: Actor, company_id: int, terms: Terms | None) -> Company:
        actor.must(Right.MANAGE_COMPANIES)
        actor.must_see(company_id, "company")
        with self.open_work(actor.store_id) as work:
            before = work.companies.get(company_id)
            if before.terms == terms:
                return before
            changed = replace(before, terms=terms)
            work.companies.put([changed])
            change = {"terms": [before.terms.code if before.terms else "", terms.code if terms else ""]}
            work.book(actor, Act("company.terms_changed", "company", str(company_id), change))
            work.commit()
        return changed


@dataclass(frozen=True)
class ChangeContacts:
    """Replaces the billing contacts. Raises NotAllowed, NotFound, InputInvalid for what is no e-mail address."""

    open_work: OpenWork

    def __call__(self, actor: Actor, company_id: int, emails: Sequence[str]) -> tuple[str, ...]:
        actor.must(Right.MANAGE_COMPANIES)
        actor.must_see(company_id, "company")
        wanted = _addresses(emails)
        with self.open_work(actor.store_id) as work:
            work.companies.get(company_id)
            before = work.companies.billing_contacts(company_id)
            if before != wanted:
                work.companies.put_billing_contacts(company_id, wanted)
                counts = {"contacts": [len(before), len(wanted)]}
                texts = {"before": ", ".join(before), "after": ", ".join(wanted)}
                work.book(actor, Act("company.contacts_changed", "company", str(company_id), counts, texts))
                work.commit()
        return wanted


def _addresses(emails: Sequence[str]) -> tuple[str, ...]:
    """Each once, in the order entered."""
    found: dict[str, str] = {}
    for email in filter(None, map(str.strip, emails)):
        if not _ADDRESS.fullmatch(email) or len(email) > 254:
            raise InputInvalid("contacts", "“{email}” is not an e-mail address.", email=email[:80])
        found.setdefault(email.casefold(), email)
    if len(found) > MOST_CONTACTS:
        raise InputInvalid("contacts", "A company has at most {most} billing contacts.", most=MOST_CONTACTS)
    return tuple(found.values())
