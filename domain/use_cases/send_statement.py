"""*Send to company*: a statement of account by mail, with its PDF, to the billing contacts (R-2, R-27)."""

from dataclasses import dataclass
from datetime import date

from domain.errors import InputInvalid, NothingToSend
from domain.events import Act
from domain.ids import new_id
from domain.mail import MailKind
from domain.ports import Doorbell, OpenWork
from domain.roles import Actor, Right
from domain.statement import Range
from domain.use_cases.announce import ask_for


@dataclass(frozen=True)
class SendStatement:
    """One mail per address, drawn up when it leaves. Answers to whom.

    Raises NotAllowed, NotFound, InputInvalid, NothingToSend.
    """

    open_work: OpenWork
    doorbell: Doorbell

    def __call__(self, actor: Actor, company_id: int, currency: str, first: date, last: date) -> tuple[str, ...]:
        actor.must(Right.SEND)
        actor.must_see(company_id, "company")
        wanted = Range(company_id, currency, first, last)
        if last < first:
            raise InputInvalid("to", "The statement ends before it begins. Choose a later last day.")
        with self.open_work(actor.store_id) as work:
            company = work.companies.get(company_id)
            if work.notes.settings().is_opening:
                raise NothingToSend(
                    "Nothing is sent while the store is in opening mode. End it under Settings, Opening."
                )
            asked = tuple(ask_for(work, MailKind.STATEMENT, wanted.key, company, new_id(), actor.id))
            if not asked:
                raise NothingToSend(
                    "{company} has no billing contact and no e-mail address. Add one under Companies.",
                    company=company.name,
                )
            change = {"statement": wanted.key, "mails": len(asked)}
            work.book(actor, Act("company.statement_sent", "company", str(company_id), change))
            work.commit()
        self.doorbell.ring(actor.store_id, "outbox")
        return asked
