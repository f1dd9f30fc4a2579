"""The seller's own words for mails: preview, test mail, and the log of what was sent (ui.md 4.11)."""

from dataclasses import dataclass, replace

from domain.errors import MailRefused, NothingToSend
from domain.events import Act
from domain.ids import new_id
from domain.mail import Mail, MailKind, MailState, MailTemplate
from domain.mail_values import sample_values
from domain.ports import Mailer, Message, OpenWork, Work
from domain.roles import Actor, Right
from domain.setting_rules import Section
from domain.statement import Range
from domain.store import Settings
from domain.use_cases.change_settings import ChangeSettings


@dataclass(frozen=True)
class PreviewMail:
    """Subject and body as a company would read them. Raises NotAllowed, InputInvalid."""

    open_work: OpenWork

    def __call__(self, actor: Actor, kind: MailKind, template: MailTemplate) -> tuple[str, str]:
        actor.must(Right.VIEW_SETTINGS)
        with self.open_work(actor.store_id) as work:
            values = sample_values(kind, work.notes.profile(), work.today(), work.notes.settings())
        return template.checked(kind).filled(values)


@dataclass(frozen=True)
class SendTestMail:
    """To the person who asks, at once, so that the mail server's answer is seen. Answers to whom.

    Raises NotAllowed, InputInvalid, MailRefused, NothingToSend.
    """

    open_work: OpenWork
    mailer: Mailer
    preview: PreviewMail

    def __call__(self, actor: Actor, kind: MailKind, template: MailTemplate) -> str:
        actor.must(Right.MANAGE_SETTINGS)
        subject, body = self.preview(actor, kind, template)
        with self.open_work(actor.store_id) as work:
            member = work.staff.find(int(actor.id)) if actor.id.isdigit() else None
            profile, store_hash = work.notes.profile(), work.store.hash
        if member is None or not member.email:
            raise NothingToSend("Your own e-mail address is not known.")
        sender = profile.name if profile else ""
        try:
            self.mailer.send(
                Message((member.email,), f"Test: {subject}", body, f"{store_hash}-test-{new_id()}", sender)
            )
        except ValueError as refusal:
            raise MailRefused(str(refusal)) from refusal
        except OSError as failure:
            raise MailRefused(f"it could not be reached ({failure}).") from failure
        with self.open_work(actor.store_id) as work:
            work.book(actor, Act("mail.tested", "settings", kind.value))
            work.commit()
        return member.email


@dataclass(frozen=True)
class SaveMailTemplate:
    """Raises NotAllowed, InputInvalid."""

    open_work: OpenWork
    change: ChangeSettings

    def __call__(self, actor: Actor, kind: MailKind, template: MailTemplate | None) -> Settings:
        """None goes back to the usual words."""
        actor.must(Right.MANAGE_SETTINGS)
        with self.open_work(actor.store_id) as work:
            mails = {name: one for name, one in work.notes.settings().mails.items() if name != kind.value}
        if template is not None:
            mails[kind.value] = replace(template, body=template.body.replace("\r\n", "\n")).checked(kind)
        return self.change(actor, Section.EMAILS, {"mails": mails})


@dataclass(frozen=True)
class ListMails:
    """The newest mails with what became of them, and those that did not arrive. Raises NotAllowed."""

    open_work: OpenWork

    def __call__(self, actor: Actor, *, only_refused: bool = False) -> list[tuple[Mail, str]]:
        """Each with the number of the document it is about."""
        actor.must(Right.VIEW_SETTINGS)
        states = frozenset({MailState.REFUSED}) if only_refused else None
        with self.open_work(actor.store_id) as work:
            mails = work.mails.latest(50, states, actor.companies)
            return [(mail, _number(work, mail)) for mail in mails]


def _number(work: Work, mail: Mail) -> str:
    """Of the document a mail is about; a statement has none, but its days."""
    if mail.kind is MailKind.STATEMENT:
        wanted = Range.parse(mail.subject_id)
        return f"{wanted.first} – {wanted.last}"
    if mail.subject_kind == "invoice":
        return work.invoices.get(mail.subject_id).number
    return work.payments.get(mail.subject_id).number
