"""Store health: what only the store itself can tell, found out now and kept for the screen (R-17, R-18, R-23, R-24).

Each finding is one fact: `state` working, attention or failing, `why` a code the screen has words for, and figures.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from domain.errors import DirectoryUnreachable, NotFound, NotPayable, Refusal, StoreDisconnected, StoreUnreachable
from domain.ids import new_id
from domain.listing import Totals
from domain.mail import MailState
from domain.money import Money
from domain.payment_attempt import AttemptLine, PaymentAttempt
from domain.ports import Backlog, OpenWork, Shop
from domain.roles import Actor, Right
from domain.store import Profile, Settings
from domain.use_cases.open_shop import OpenShop
from domain.use_cases.receive_hook import LAST_HOOK
from domain.use_cases.set_up_store import payment_product
from domain.use_cases.start_checkout import why_not_exact

FACT: Final = "health"

SKEW_NOTED: Final = 60
SKEW_FAILING: Final = 300
"""Seconds between the store's clock and ours."""

BUYERS_MAILS: Final = ("invoice_email", "combined_order_status_email", "ordermessage_notification")
"""Mails of the store that follow an order, payment orders included."""

Finding = dict[str, object]


@dataclass(frozen=True)
class CheckStore:
    """Asks the store and B2B Edition, each question by itself: one that fails says so and the others go on. A cart is
    made, read and deleted again; nobody sees it. Raises NotAllowed."""

    open_work: OpenWork
    open_shop: OpenShop

    def __call__(self, actor: Actor) -> Mapping[str, Finding]:
        actor.must(Right.MANAGE_SETTINGS)
        return self.of(actor.store_id)

    def of(self, store_id: int) -> Mapping[str, Finding]:
        """For the worker, after each set-up."""
        with self.open_work(store_id) as work:
            settings, profile, now = work.notes.settings(), work.notes.profile(), work.now()
            totals = tuple(work.queries.totals(None))
        try:
            shop = self.open_shop(store_id)
        except StoreDisconnected as refusal:
            found = {"token": _failing("disconnected", said=refusal.sentence)}
        else:
            found = _findings(shop, settings, profile, totals, now)
        with self.open_work(store_id) as work:
            work.notes.put_fact(FACT, {"at": work.now().isoformat(), "found": found})
            work.commit()
        return found


def _findings(
    shop: Shop, settings: Settings, profile: Profile | None, totals: tuple[Totals, ...], now: datetime
) -> dict[str, Finding]:
    questions: dict[str, Callable[[], Finding]] = {
        "token": lambda: _token(shop),
        "checkout": lambda: _checkout(shop),
        "currencies": lambda: _currencies(shop, totals),
        "clock": lambda: _clock(shop, now),
        "methods": lambda: _methods(shop, settings),
        "probe": lambda: _probe(shop, settings, profile, now),
        "mails": lambda: _mails(shop),
        "invoicing": lambda: _invoicing(shop),
    }
    return {name: _answered(question) for name, question in questions.items()}


def _answered(question: Callable[[], Finding]) -> Finding:
    try:
        return question()
    except (StoreUnreachable, StoreDisconnected, DirectoryUnreachable) as refusal:
        return _failing("unreachable", said=refusal.sentence)
    except Refusal as refusal:
        return _failing("refused", said=refusal.sentence)


def _working(why: str = "", **facts: object) -> Finding:
    return {"state": "working", "why": why, **facts}


def _attention(why: str, **facts: object) -> Finding:
    return {"state": "attention", "why": why, **facts}


def _failing(why: str, **facts: object) -> Finding:
    return {"state": "failing", "why": why, **facts}


def _token(shop: Shop) -> Finding:
    return _working(name=shop.setup.profile().name)


def _checkout(shop: Shop) -> Finding:
    kind = shop.setup.profile().checkout_type
    return _working(kind=kind) if kind == "optimized" else _failing("not_optimized", kind=kind)


def _currencies(shop: Shop, totals: tuple[Totals, ...]) -> Finding:
    profile = shop.setup.profile()
    charged = profile.transactional_currencies or (profile.currency,)
    owed = sorted(one.currency for one in totals if one.open and one.currency not in charged)
    return _attention("not_charged", owed=owed) if owed else _working(charged=list(charged))


def _clock(shop: Shop, now: datetime) -> Finding:
    skew = round((shop.setup.clock() - now).total_seconds())
    if abs(skew) > SKEW_FAILING:
        return _failing("skew", seconds=skew)
    return _attention("skew", seconds=skew) if abs(skew) > SKEW_NOTED else _working(seconds=skew)


def _methods(shop: Shop, settings: Settings) -> Finding:
    """R-16."""
    offered = shop.setup.gateways()
    taken = [one for one in offered if settings.takes(one.id)]
    if not taken:
        return _failing("no_method", offered=[one.name for one in offered])
    tests = [one.name for one in taken if one.test_mode]
    names = [one.name for one in taken]
    return _attention("test_mode", names=tests) if tests else _working(names=names)


def _probe(shop: Shop, settings: Settings, profile: Profile | None, now: datetime) -> Finding:
    """A cart as a payment makes it, with one unit of the store's currency (R-17, R-18)."""
    if profile is None:
        return _attention("not_read")
    try:
        product = None
        if settings.cart_strategy != "custom_items":
            product = payment_product(
                (settings.payment_product_id, settings.payment_option_id, settings.payment_variant_id)
            )
    except NotPayable:
        return _failing("no_product")
    price = Money.parse("1", profile.currency)
    line = AttemptLine(new_id(), "Probe", now.date().isoformat(), price)
    attempt = PaymentAttempt(new_id(), 0, 0, profile.currency, (line,), "PROBE", now, channel_id=profile.channel_ids[0])
    cart_id = shop.checkout.make_cart(attempt, product)
    try:
        why = why_not_exact(attempt, shop.checkout.read(cart_id, attempt.currency), settings)
    except NotFound:
        why = "the cart is gone"
    finally:
        shop.checkout.delete_cart(cart_id)
    return _failing("not_exact", said=why) if why else _working()


def _mails(shop: Shop) -> Finding:
    """R-23: told, because nobody can switch them off for payment orders alone."""
    sends = shop.setup.mails()
    names = [name for name in BUYERS_MAILS if sends.get(name)]
    if sends.get("abandoned_cart_email"):
        return _attention("abandoned_cart", names=names)
    return _working("store_mails" if names else "", names=names)


def _invoicing(shop: Shop) -> Finding:
    """R-24."""
    on = shop.directory.invoice_switches()
    return _failing("two_portals", switches=on) if on else _working()


@dataclass(frozen=True)
class HealthLook:
    """Everything the health screen shows. `findings` are of the last check, `checked_at` when it was."""

    facts: Mapping[str, Mapping[str, object]]
    findings: Mapping[str, Finding]
    checked_at: datetime | None
    last_hook: datetime | None
    inbox: Backlog
    outbox: Backlog
    refused_mails: int
    settings: Settings
    profile: Profile | None
    store_hash: str
    now: datetime = field(compare=False)


@dataclass(frozen=True)
class LookAtHealth:
    """From what is kept: nothing remote is asked. Raises NotAllowed."""

    open_work: OpenWork

    def __call__(self, actor: Actor) -> HealthLook:
        actor.must(Right.VIEW_SETTINGS)
        with self.open_work(actor.store_id) as work:
            names = ("scopes", "setup", "directory", "sync.orders", "orders.watermark")
            kept = work.notes.fact(FACT) or {}
            found = kept.get("found")
            return HealthLook(
                facts={name: work.notes.fact(name) or {} for name in names},
                findings=found if isinstance(found, Mapping) else {},
                checked_at=_instant(kept),
                last_hook=_instant(work.notes.fact(LAST_HOOK) or {}),
                inbox=work.inbox.backlog(),
                outbox=work.outbox.backlog(),
                refused_mails=len(work.mails.latest(100, frozenset({MailState.REFUSED}))),
                settings=work.notes.settings(),
                profile=work.notes.profile(),
                store_hash=work.store.hash,
                now=work.now(),
            )


def _instant(fact: Mapping[str, object]) -> datetime | None:
    return datetime.fromisoformat(str(fact["at"])) if fact.get("at") else None
