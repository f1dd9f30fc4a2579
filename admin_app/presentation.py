"""How values read on the seller's screens: money, dates, words and badges. Pure text, no HTML, no request.

`install` binds everything to a Jinja environment; the store's locale, zone and clock come from `display`, which
the web app answers anew for each request.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlencode

from babel import Locale
from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_currency, format_decimal, get_currency_name, get_currency_symbol
from jinja2 import Environment

from admin_app import language
from admin_app.language import N_, gettext, ngettext
from domain.errors import Refusal
from domain.invoice import ClosedBy, Status
from domain.money import Money, digits_of
from domain.price import UnitPrice

MINUS: Final = "\N{MINUS SIGN}"
"""Read out as “minus” by screen readers, where a hyphen is silent."""


@dataclass(frozen=True, slots=True)
class Display:
    """What formatting depends on: `locale` shapes numbers, `language` the words of dates, `date_format` the store's
    wish (`Settings.date_format`)."""

    locale: str = "en_US"
    language: str = "en"
    date_format: str = ""
    zone: tzinfo = UTC
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def today(self) -> date:
        """The date in the store's zone: overdue begins by it (R-7)."""
        return self.now.astimezone(self.zone).date()


# --- amounts --------------------------------------------------------------------------------------
@lru_cache(maxsize=512)
def _pattern(locale: str, currency: str, digits: int, optional: int = 0) -> str:
    """The locale's currency pattern with the decimals of ISO 4217: Babel's own digits are CLDR's, which differ."""
    positive = str(Locale.parse(locale).currency_formats["standard"].pattern).split(";")[0]
    decimals = "0" * digits + "#" * optional
    pattern = re.sub(r"0(\.0+)?", "0." + decimals if decimals else "0", positive, count=1)
    if get_currency_symbol(currency, locale)[-1].isalpha():
        pattern = pattern.replace("¤#", "¤\N{NO-BREAK SPACE}#")
    return pattern


def _currency(value: Decimal, currency: str, locale: str, optional: int = 0) -> str:
    pattern = _pattern(locale, currency, digits_of(currency), optional)
    text = format_currency(abs(value), currency, pattern, locale=locale, currency_digits=False)
    return MINUS + text if value < 0 else text


def money(amount: Money, display: Display) -> str:
    """`$6,400.00`: sign or code of the currency, its ISO 4217 digits, the store's separators."""
    return _currency(amount.amount, amount.currency, display.locale)


def in_groups(text: str) -> list[str]:
    """The text of an amount, cut after each group separator: where a very long one may be broken over lines."""
    return re.split(r"(?<=[0-9][^0-9])(?=[0-9]{3}[^0-9])", text)


def signed_money(amount: Money, display: Display) -> str:
    """A change: `+$10.00`, `−$10.00`, and plain zero."""
    return ("+" if amount.minor > 0 else "") + money(amount, display)


def plain_amount(amount: Money | None, display: Display) -> str:
    """What stands in an amount field: digits and the store's decimal sign, without currency or grouping."""
    if amount is None:
        return ""
    digits = digits_of(amount.currency)
    pattern = "0." + "0" * digits if digits else "0"
    return str(format_decimal(amount.amount, pattern, locale=display.locale, decimal_quantization=False))


def typed_amount(text: str, locale: str) -> str:
    """A typed amount in the plain grammar of `Money.parse`: reads `1234.5`, `1,234.50` or `1.234,50` by locale.

    What is not understood comes back as typed, so that the refusal can quote it; nothing is guessed.
    """
    symbols = Locale.parse(locale).number_symbols["latn"]
    point = re.escape(symbols["decimal"])
    group = "[’']" if symbols["group"] == "’" else re.escape(symbols["group"])
    if symbols["group"].isspace():
        group = "[ \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]"
    bare = text.strip()
    grouped = rf"[0-9]{{1,3}}(?:{group}[0-9]{{2,3}})*{group}[0-9]{{3}}(?:{point}[0-9]+)?"
    if re.fullmatch(grouped, bare, re.ASCII):
        bare = re.sub(group, "", bare)
    if re.fullmatch(rf"[0-9]+{point}[0-9]+", bare, re.ASCII):
        return bare.replace(symbols["decimal"], ".")
    return bare


def unit_price(price: UnitPrice, currency: str, display: Display) -> str:
    """`$10.00`, `$0.01253`, `$18.50 per 100`: exact, with no fewer decimals than the currency (R-6)."""
    optional = max(0, 8 - digits_of(currency))
    text = _currency(price.value, currency, display.locale, optional)
    if price.base == 1:
        return text
    return gettext("%(price)s per %(quantity)s", price=text, quantity=count(price.base, display))


def quantity(value: Decimal, display: Display) -> str:
    """`2`, `1.5`, `1,200`: no needless zeros, nothing rounded."""
    return str(format_decimal(value, "#,##0.########", locale=display.locale, decimal_quantization=False))


def count(number: int, display: Display) -> str:
    """`1,204`."""
    return str(format_decimal(number, "#,##0", locale=display.locale))


def currency_name(code: str, display: Display) -> str:
    """`US dollars`."""
    return str(get_currency_name(code, count=2, locale=display.language))


# --- dates ----------------------------------------------------------------------------------------
def _local(moment: datetime, display: Display) -> datetime:
    return moment.astimezone(display.zone)


_DATE_PATTERNS: Final[Mapping[str, tuple[str, str]]] = {
    "iso": ("y-MM-dd", "y-MM-dd"),
    "dmy": ("dd/MM/y", "dd/MM/y"),
    "mdy": ("MM/dd/y", "MM/dd/y"),
    "dots": ("dd.MM.y", "dd.MM."),
}
"""By the store's date format: how a date reads, and how inside the current year."""


def _date_patterns(display: Display) -> tuple[str, str]:
    """With the month in letters, English has the day first: `13 Sep 2026` is never read wrong."""
    if display.date_format in _DATE_PATTERNS:
        return _DATE_PATTERNS[display.date_format]
    if display.language == "en":
        return "d MMM y", "d MMM"
    skeletons = Locale.parse(display.language).datetime_skeletons
    return str(skeletons["yMMMd"]), str(skeletons["MMMd"])


def day(on: date, display: Display) -> str:
    """`13 Sep 2026`; a datetime is first brought into the store's zone."""
    local = _local(on, display) if isinstance(on, datetime) else on
    return format_date(local, _date_patterns(display)[0], locale=display.language)


def short_day(on: date, display: Display) -> str:
    """`13 Sep` inside the current year, for tables; else as `day`."""
    local = _local(on, display) if isinstance(on, datetime) else on
    pattern = _date_patterns(display)[local.year == display.today.year]
    return format_date(local, pattern, locale=display.language)


def moment(at: datetime, display: Display) -> str:
    """`22 Nov, 10:04` in the store's zone, with the year when it is not the current one."""
    time = format_datetime(_local(at, display), "HH:mm", locale=display.language)
    return f"{short_day(at, display)}, {time}"


def iso(at: date) -> str:
    """The machine-readable form for `<time datetime>` and date fields."""
    return at.isoformat()


def ago(at: datetime, display: Display) -> str:
    """`2 minutes ago`, `just now`."""
    passed = display.now - at
    if abs(passed.total_seconds()) < 60:
        return gettext("just now")
    return format_timedelta(-passed, add_direction=True, locale=display.language)


def days_late(due_on: date, display: Display) -> int:
    """Days after the due date, negative for days left: the day of the due date itself is not late (R-7)."""
    return (display.today - due_on).days


def due_help(due_on: date, display: Display) -> str:
    """`70 days late`, `due today`, `in 2 days`: the help under a due date."""
    late = days_late(due_on, display)
    if late > 0:
        return ngettext("%(num)s day late", "%(num)s days late", late)
    return gettext("due today") if late == 0 else ngettext("in %(num)s day", "in %(num)s days", -late)


# --- refusals -------------------------------------------------------------------------------------
_NESTED: Final = frozenset({"why", "what", "state", "right", "cause", "who"})
"""Facts of refusals that are words of ours, not names of documents, companies or people."""


def sentence(refusal: Refusal, display: Display) -> str:
    """What a refusal says, in the reader's language and with amounts and dates as the screens write them."""
    facts = {name: _fact(name, value, display) for name, value in refusal.facts.items()}
    try:
        return gettext(refusal.template).format_map(facts)
    except (KeyError, ValueError, IndexError):
        return refusal.sentence


def _fact(name: str, value: object, display: Display) -> str:
    if isinstance(value, Money):
        return money(value, display)
    if isinstance(value, date):
        return day(value, display)
    return gettext(str(value)) if name in _NESTED else str(value)


# --- badges ---------------------------------------------------------------------------------------
class Badge(NamedTuple):
    """The word and the colour of a state: grey, light, blue, green, yellow or red."""

    label: str
    tone: str


BADGES: Final[Mapping[str, Mapping[str, Badge]]] = {
    "invoice": {
        "void": Badge(N_("Void"), "light"),
        "deleted": Badge(N_("Deleted"), "light"),
        "paid": Badge(N_("Paid"), "green"),
        "closed": Badge(N_("Closed"), "green"),
        "credited": Badge(N_("Credited"), "green"),
        "written_off": Badge(N_("Written off"), "green"),
        "paid_and_adjusted": Badge(N_("Paid and adjusted"), "green"),
        "pending": Badge(N_("Payment pending"), "yellow"),
        "overdue": Badge(N_("Overdue"), "red"),
        "partially_paid": Badge(N_("Partially paid"), "blue"),
        "open": Badge(N_("Open"), "grey"),
    },
    "payment": {
        "announced": Badge(N_("Announced"), "light"),
        "pending": Badge(N_("Pending"), "yellow"),
        "completed": Badge(N_("Completed"), "green"),
        "partly_refunded": Badge(N_("Partly refunded"), "grey"),
        "refunded": Badge(N_("Refunded"), "grey"),
        "reversed": Badge(N_("Reversed"), "red"),
        "charged_back": Badge(N_("Charged back"), "red"),
        "failed": Badge(N_("Failed"), "red"),
    },
    "order": {
        "not_invoiced": Badge(N_("Not invoiced"), "grey"),
        "invoiced": Badge(N_("Invoiced"), "green"),
        "cancelled": Badge(N_("Cancelled"), "light"),
        "not_invoiceable": Badge(N_("No invoice"), "light"),
        "historic": Badge(N_("Historic"), "light"),
    },
    "result": {
        "waiting": Badge(N_("Waiting"), "light"),
        "created": Badge(N_("Created"), "green"),
        "skipped": Badge(N_("Skipped"), "yellow"),
    },
    "review": {"open": Badge(N_("Needs review"), "yellow"), "settled": Badge(N_("Settled"), "grey")},
    "mail": {
        "waiting": Badge(N_("Waiting"), "yellow"),
        "sent": Badge(N_("Sent"), "green"),
        "refused": Badge(N_("Refused"), "red"),
        "dropped": Badge(N_("Not needed"), "light"),
    },
    "health": {
        "working": Badge(N_("Working"), "green"),
        "attention": Badge(N_("Needs attention"), "yellow"),
        "failing": Badge(N_("Not working"), "red"),
        "off": Badge(N_("Off"), "light"),
        "granted": Badge(N_("Granted"), "green"),
        "missing": Badge(N_("Missing"), "red"),
    },
    "step": {
        "done": Badge(N_("Done"), "green"),
        "running": Badge(N_("Running"), "blue"),
        "waiting": Badge(N_("To do"), "light"),
        "failed": Badge(N_("Needs attention"), "red"),
    },
}
"""The states of each kind of thing (`ui.md` section 2), by code: the words in lower case with underscores."""


def badge_for(family: str, code: str) -> Badge:
    """The badge of a state. Codes may be given as their words (`Partly refunded`); an unknown one is a KeyError."""
    found = BADGES[family][code.lower().replace(" ", "_")]
    return found._replace(label=gettext(found.label))


def invoice_badge(status: Status, closed_by: ClosedBy | None, *, pending: bool, overdue: bool) -> str:
    """The one badge shown, first that fits: removed, closed, payment pending, overdue, partially paid, open."""
    if status in (Status.VOID, Status.DELETED):
        return status.value
    if status is Status.CLOSED:
        return (closed_by or ClosedBy.PAID).lower().replace(" ", "_")
    if pending:
        return "pending"
    return "overdue" if overdue else status.value


# --- lists and bars -------------------------------------------------------------------------------
def with_query(query: Mapping[str, str], **changes: str | int | None) -> str:
    """The query string of a list with changes; None or nothing takes a key away. Always leads with `?`."""
    kept = {name: value for name, value in {**query, **changes}.items() if value not in (None, "")}
    return "?" + urlencode(kept)


class Column(NamedTuple):
    """A table head: `sort` is its value of the `sort` parameter, `place` its class, `quiet` hides the label."""

    label: str
    sort: str = ""
    place: str = ""
    quiet: bool = False


class Segment(NamedTuple):
    """A part of a stacked bar that is 1000 wide."""

    x: int
    width: int


BAR_WIDTH: Final = 1000
_GAP: Final = 4
_LEAST: Final = 8


def bar_segments(amounts: Sequence[Money]) -> list[Segment]:
    """Where each amount lies in a stacked bar; nothing and less get no width, the smallest stays visible."""
    shown = [max(0, amount.minor) for amount in amounts]
    parts = sum(1 for minor in shown if minor)
    if not parts:
        return [Segment(0, 0) for _ in amounts]
    room = BAR_WIDTH - _GAP * (parts - 1) - _LEAST * parts
    segments, x = [], 0
    for minor in shown:
        width = _LEAST + minor * room // sum(shown) if minor else 0
        segments.append(Segment(x, width))
        x += width + _GAP if width else 0
    return segments


# --- Jinja ----------------------------------------------------------------------------------------
def install(environment: Environment, display: Callable[[], Display] = Display) -> None:
    """Registers the filters and globals of the templates. `display` is called for each value formatted."""

    language.install(environment)

    def bound(function: Callable[..., object]) -> Callable[..., object]:
        return lambda value, *args, **options: function(value, *args, **options, display=display())

    shown = (money, signed_money, plain_amount, unit_price, quantity, count, currency_name)
    dates = (day, short_day, moment, ago, days_late, due_help)
    environment.filters.update({function.__name__: bound(function) for function in (*shown, *dates)})
    environment.filters.update(iso=iso, in_groups=in_groups, with_query=with_query)
    environment.globals.update(badge_for=badge_for, bar_segments=bar_segments, column=Column)


_STATIC: Final = Path(__file__).parent / "static"


@lru_cache(maxsize=64)
def asset_version(name: str) -> str:
    """Digest of a static file: changes when the file does."""
    return sha256((_STATIC / name).read_bytes()).hexdigest()[:12]
