"""What an IP-Admin decides, section by section, each change with before and after (R-5, R-7, R-16, R-27)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from domain.errors import InputInvalid
from domain.events import Act
from domain.file import LARGEST_LOGO, LOGOS, FileHead, Purpose, check_upload
from domain.ids import new_id
from domain.ports import OfferedMethod, OpenWork, Work
from domain.roles import Actor, Right
from domain.setting_rules import FIELDS, Section, checked, differences
from domain.store import Profile, Settings, pays_invoices
from domain.use_cases.open_shop import OpenShop

SERIES: Final = ("invoice", "credit_memo", "payment")
HIGHEST_START: Final = 999_999_999


@dataclass(frozen=True)
class SettingsLook:
    """`next_numbers` by series; `currencies` those the store charges, its own first."""

    settings: Settings
    profile: Profile | None
    next_numbers: Mapping[str, int]

    @property
    def currencies(self) -> tuple[str, ...]:
        if self.profile is None:
            return ()
        return tuple(dict.fromkeys((self.profile.currency, *self.profile.transactional_currencies)))


@dataclass(frozen=True)
class LookAtSettings:
    """Raises NotAllowed."""

    open_work: OpenWork

    def __call__(self, actor: Actor) -> SettingsLook:
        actor.must(Right.VIEW_SETTINGS)
        with self.open_work(actor.store_id) as work:
            numbers = {series: work.numbers.last(series) + 1 for series in SERIES}
            return SettingsLook(work.notes.settings(), work.notes.profile(), numbers)


@dataclass(frozen=True)
class ChangeSettings:
    """Saves the fields of one section. `starts` are first numbers by series, each settable once (R-5).

    Raises NotAllowed, InputInvalid.
    """

    open_work: OpenWork

    def __call__(
        self,
        actor: Actor,
        section: Section,
        changes: Mapping[str, object],
        starts: Mapping[str, int] | None = None,
    ) -> Settings:
        actor.must(Right.MANAGE_SETTINGS)
        if not changes.keys() <= FIELDS[section]:
            raise InputInvalid("section", "There is nothing of that name to change here.")
        with self.open_work(actor.store_id) as work:
            before = work.notes.locked_settings()
            wanted = replace(before, **changes)  # type: ignore[arg-type]  # the names are those of the section
            if wanted.automatic_invoices != before.automatic_invoices:
                # The rule acts only on orders placed after it was switched on.
                wanted = replace(wanted, automatic_since=work.now() if wanted.automatic_invoices else None)
            after = checked(_started(work, wanted, starts or {}), work.today(), work.notes.profile())
            _keep(work, actor, section.value, before, after)
            work.commit()
        return after


def _keep(work: Work, actor: Actor, what: str, before: Settings, after: Settings) -> None:
    """Writes and audits what changed; nothing where nothing did."""
    change, texts = differences(before, after)
    if change:
        work.notes.put_settings(after)
        work.book(actor, Act("settings.changed", "settings", what, change, texts))


def _started(work: Work, settings: Settings, starts: Mapping[str, int]) -> Settings:
    """The settings with starts set now; the series goes on there in the same commit."""
    for series, first in starts.items():
        field = f"start-{series}"
        if series not in SERIES or settings.number_starts.get(series) == first:
            continue
        if series in settings.number_starts:
            raise InputInvalid(field, "The start of this series was set before. It can be set once.")
        if not 1 <= first <= HIGHEST_START:
            raise InputInvalid(field, "Enter a number between 1 and {most}.", most=f"{HIGHEST_START:,}")
        if not work.numbers.start(series, first):
            last = settings.number(series, work.numbers.last(series))
            raise InputInvalid(field, "{last} was given already. Start above it.", last=last)
        settings = replace(settings, number_starts={**settings.number_starts, series: first})
    return settings


@dataclass(frozen=True)
class KeepLogo:
    """The logo on papers: a PNG or JPEG; None takes it off. Raises NotAllowed, FileRefused."""

    open_work: OpenWork

    def __call__(self, actor: Actor, upload: tuple[str, bytes] | None) -> None:
        actor.must(Right.MANAGE_SETTINGS)
        with self.open_work(actor.store_id) as work:
            before = work.notes.locked_settings()
            logo_id = None
            if upload is not None:
                name, content = upload
                safe, media_type = check_upload(name, content[:16], len(content), LOGOS, LARGEST_LOGO)
                head = FileHead(new_id(), "store", str(actor.store_id), Purpose.LOGO, safe, media_type)
                logo_id = work.files.put(head, [content]).id
            after = replace(before, letterhead=replace(before.letterhead, logo_id=logo_id))
            _keep(work, actor, "look", before, after)
            if before.letterhead.logo_id is not None:
                work.files.remove(before.letterhead.logo_id)
            work.commit()


@dataclass(frozen=True)
class ShownMethod:
    """A gateway of the store; only a suitable one may be ticked."""

    method: OfferedMethod
    is_ticked: bool
    is_suitable: bool


@dataclass(frozen=True)
class ListMethods:
    """The store's gateways as it names them now, and which pay invoices (R-16). Raises NotAllowed, StoreUnreachable,
    StoreDisconnected, ScopeMissing."""

    open_work: OpenWork
    open_shop: OpenShop

    def __call__(self, actor: Actor) -> list[ShownMethod]:
        actor.must(Right.VIEW_SETTINGS)
        gateways = self.open_shop(actor.store_id).setup.gateways()
        with self.open_work(actor.store_id) as work:
            settings = work.notes.settings()
        return [ShownMethod(one, settings.takes(one.id), pays_invoices(one.id)) for one in gateways]
