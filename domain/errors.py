"""Every refusal the portal can give, each with a stable code and a sentence that says what to do.

No HTTP in here: one table at the edge (`adapters/http/errors.py`) gives each kind its status.
"""

from collections.abc import Mapping
from typing import ClassVar


class Refusal(Exception):
    """Something the portal will not do. `code` is stable; `str()` is a sentence for people, in English.

    `template` with `facts` in its places is that sentence: edges that speak other languages translate the template.
    """

    code: ClassVar[str] = "refused"

    def __init__(self, template: str, **facts: object) -> None:
        self.template = template
        self.facts: Mapping[str, object] = facts
        self.sentence = template.format_map(facts)
        super().__init__(self.sentence)


class InvariantBroken(Exception):
    """The books would stop adding up. Never shown as a choice: the transaction is rolled back."""


# --- input ---------------------------------------------------------------------------------------
class AmountInvalid(Refusal):
    code = "amount_invalid"

    def __init__(self, text: str, why: str) -> None:
        super().__init__("“{text}” is not an amount we can book: {why}.", why=why, text=text[:40])


class CurrencyUnknown(Refusal):
    code = "currency_unknown"

    def __init__(self, currency: str) -> None:
        super().__init__(
            "“{currency}” is not an ISO 4217 currency code. Use a code such as USD.", currency=currency[:10]
        )


class MixedCurrencies(Refusal):
    code = "mixed_currency"

    def __init__(self, one: str, other: str) -> None:
        super().__init__("{one} and {other} cannot be combined. Use one currency at a time.", one=one, other=other)


class InputInvalid(Refusal):
    """A field that cannot be accepted. `field` is its path."""

    code = "input_invalid"

    def __init__(self, field: str, why: str, /, **facts: object) -> None:
        super().__init__(why, **{**facts, "field": field})
        self.field = field


class DoesNotAddUp(Refusal):
    code = "does_not_add_up"

    def __init__(self, stated: object, computed: object) -> None:
        super().__init__(
            "The stated total {stated} differs from lines and cost lines, {computed}. Correct one.",
            stated=stated,
            computed=computed,
        )


# --- who -----------------------------------------------------------------------------------------
class NotSignedIn(Refusal):
    code = "not_signed_in"

    def __init__(self, why: str = "Your session has ended. Open Invoice Portal again from the Apps menu.") -> None:
        super().__init__(why)


class NotAllowed(Refusal):
    code = "not_allowed"

    def __init__(self, who: str, what: str) -> None:
        super().__init__("Your role, {who}, cannot {right}. Ask an administrator.", who=who, right=what)


class NoAccess(Refusal):
    """A seller's person without a role yet."""

    code = "no_access"

    def __init__(self) -> None:
        super().__init__("You have no role in Invoice Portal yet. Ask the store owner or an IP-Admin to give you one.")


class TokenRefused(Refusal):
    """A signed token that is forged, replayed, expired or of another kind (T-1 to T-3)."""

    code = "token_refused"

    def __init__(self, why: str) -> None:
        super().__init__("We could not accept this sign-in: {why}. Open the page again from your store.", why=why)


class NoRight(Refusal):
    """A buyer without the company right needed."""

    code = "no_right"

    def __init__(self, what: str) -> None:
        super().__init__("You cannot {what} for your company. Ask your company's administrator.", what=what)


class NoCompany(Refusal):
    code = "no_company"

    def __init__(self) -> None:
        super().__init__("Your account does not belong to a company. Invoices are for company accounts.")


class CompanyInactive(Refusal):
    code = "company_inactive"

    def __init__(self, name: str) -> None:
        super().__init__("{name} is not an active company in this store. Contact the store.", name=name)


class KeyRefused(Refusal):
    code = "key_refused"

    def __init__(self, why: str = "The API key is unknown, revoked or expired.") -> None:
        super().__init__("{why} Send a valid key as “Authorization: Bearer …”.", why=why)


# --- finding -------------------------------------------------------------------------------------
class NotFound(Refusal):
    code = "not_found"

    def __init__(self, what: str) -> None:
        super().__init__("There is no such {what}.", what=what)


# --- invoices ------------------------------------------------------------------------------------
class NotEditable(Refusal):
    code = "not_editable"

    def __init__(self, number: str, state: str) -> None:
        super().__init__("{number} is {state} and can only be viewed.", number=number, state=state)


class NotDeletable(Refusal):
    code = "not_deletable"

    def __init__(self, number: str, why: str) -> None:
        super().__init__("{number} cannot be deleted: {why}.", number=number, why=why)


class NotRestorable(Refusal):
    code = "not_restorable"

    def __init__(self, number: str, why: str) -> None:
        super().__init__("{number} cannot be restored: {why}.", number=number, why=why)


class NotVoidable(Refusal):
    code = "not_voidable"

    def __init__(self, number: str, why: str) -> None:
        super().__init__("{number} cannot be voided: {why}.", number=number, why=why)


class LessThanSettled(Refusal):
    code = "less_than_settled"

    def __init__(self, number: str, settled: object) -> None:
        super().__init__(
            "{settled} of {number} is already settled. The total cannot be less.", settled=settled, number=number
        )


class ChangedMeanwhile(Refusal):
    code = "changed_meanwhile"

    def __init__(self, what: str) -> None:
        super().__init__(
            "Someone changed {what} while you worked on it. Look at it again and repeat your change.", what=what
        )


class NumberTaken(Refusal):
    code = "number_taken"

    def __init__(self, number: str) -> None:
        super().__init__("The invoice number already exists: {number}. Use another number.", number=number)


class ExternalIdTaken(Refusal):
    code = "external_id_taken"

    def __init__(self, external_id: str) -> None:
        super().__init__("External id {external_id} belongs to another document.", external_id=external_id)


class CompanyUnknown(Refusal):
    code = "company_unknown"

    def __init__(self, reference: str) -> None:
        super().__init__(
            "No company matches “{reference}”. Send the BundleB2B company id or a linked ERP id.", reference=reference
        )


class SkippedDeleted(Refusal):
    code = "deleted_here"

    def __init__(self, number: str) -> None:
        super().__init__("Skipped: {number} was deleted here. Send restore=true to bring it back.", number=number)


# --- orders --------------------------------------------------------------------------------------
class NotInvoiceable(Refusal):
    code = "not_invoiceable"

    def __init__(self, order_id: int, why: str) -> None:
        super().__init__("Order {order_id} cannot be invoiced: {why}.", order_id=order_id, why=why)


class NotInvoiced(Refusal):
    code = "not_invoiced"

    def __init__(self, order_id: int) -> None:
        super().__init__("Order {order_id} has no invoice. Create one.", order_id=order_id)


class AlreadyInvoiced(Refusal):
    """The order has a live invoice; `invoice_id` names it, so a second press can show it."""

    code = "already_invoiced"

    def __init__(self, order_id: int, number: str, invoice_id: str) -> None:
        super().__init__(
            "Order {order_id} already has invoice {number}.", order_id=order_id, number=number, invoice_id=invoice_id
        )
        self.invoice_id = invoice_id


# --- files ---------------------------------------------------------------------------------------
class TotalsDiffer(Refusal):
    """The ERP's control total of a currency is not ours (R-12)."""

    code = "totals_differ"

    def __init__(self, currency: str, owed: object, stated: object, apart: object) -> None:
        super().__init__(
            "The ERP says {stated}, the portal {owed}: {apart} apart. Import what is missing or correct what is wrong.",
            field=f"erp-{currency}",
            stated=stated,
            owed=owed,
            apart=apart,
        )


class MailRefused(Refusal):
    """The mail server will never take this mail; `why` is what it said."""

    code = "mail_refused"

    def __init__(self, why: str) -> None:
        super().__init__("The mail server did not take it: {why}", why=why[:300])


class NothingToSend(Refusal):
    """A mail that cannot go out: no address, nothing sent in opening mode, document gone."""

    code = "nothing_to_send"


class FileRefused(Refusal):
    """An upload that is not kept; the sentence says why."""

    code = "file_refused"


class TooManyRows(Refusal):
    """More than a workbook holds."""

    code = "too_many_rows"

    def __init__(self, most: object) -> None:
        super().__init__("A workbook holds {most} rows at most. Export as CSV, or choose fewer rows.", most=most)


# --- money ---------------------------------------------------------------------------------------
class MoreThanOwed(Refusal):
    code = "more_than_owed"

    def __init__(self, number: str, balance: object) -> None:
        super().__init__("{number} is only owed {balance}. Enter a smaller amount.", number=number, balance=balance)


class MoreThanAvailable(Refusal):
    code = "more_than_available"

    def __init__(self, number: str, available: object) -> None:
        super().__init__("Only {available} of {number} is available. Apply less.", available=available, number=number)


class MoreThanWrittenOff(Refusal):
    code = "more_than_written_off"

    def __init__(self, number: str, written_off: object) -> None:
        super().__init__(
            "Only {written_off} of {number} is written off. Take back less.", written_off=written_off, number=number
        )


class MoreThanInvoiced(Refusal):
    """A credit memo cannot take back more of a line or charge than the invoice has left of it."""

    code = "more_than_invoiced"

    def __init__(self, what: str, left: object) -> None:
        super().__init__("Only {left} of “{what}” is left to credit. Enter less.", left=left, what=what)


class NotCreditable(Refusal):
    code = "not_creditable"

    def __init__(self, number: str, why: str) -> None:
        super().__init__("{number} cannot be credited: {why}.", number=number, why=why)


class MoreThanReceived(Refusal):
    code = "more_than_received"

    def __init__(self, amount: object, applied: object) -> None:
        super().__init__(
            "You received {amount} but applied {applied}. Apply less or correct the amount.",
            amount=amount,
            applied=applied,
        )


class OtherCompany(Refusal):
    code = "other_company"

    def __init__(self, number: str) -> None:
        super().__init__("{number} belongs to another company. Choose invoices of one company.", number=number)


class ReceivedInFuture(Refusal):
    code = "received_in_future"

    def __init__(self) -> None:
        super().__init__("The date received is in the future. Enter the day the money arrived.")


class MemoRequired(Refusal):
    code = "memo_required"

    def __init__(self) -> None:
        super().__init__("Enter the check number in the memo. The buyer sees it.")


class PossibleDuplicate(Refusal):
    """Same company, method, memo and amount within 180 days (R-21): asked once, then accepted."""

    code = "possible_duplicate"

    def __init__(self, number: str) -> None:
        super().__init__(
            "{number} has the same company, method, memo and amount. Confirm that this is another one.", number=number
        )


class NotReversible(Refusal):
    code = "not_reversible"

    def __init__(self, number: str, why: str) -> None:
        super().__init__("{number} cannot be reversed: {why}.", number=number, why=why)


class NotChargedBack(Refusal):
    code = "not_charged_back"

    def __init__(self, number: str, why: str) -> None:
        super().__init__("{number} cannot be charged back: {why}.", number=number, why=why)


class NotWonBack(Refusal):
    code = "not_won_back"

    def __init__(self, number: str) -> None:
        super().__init__("No chargeback of {number} stands that could be won.", number=number)


class NotAnnounced(Refusal):
    code = "not_announced"

    def __init__(self, number: str) -> None:
        super().__init__("{number} is no longer announced: it was recorded or dismissed meanwhile.", number=number)


class NothingToApply(Refusal):
    """What a review item expected cannot be applied any more."""

    code = "nothing_to_apply"

    def __init__(self, number: str) -> None:
        super().__init__(
            "Nothing of {number} can be applied as expected any more. Apply it otherwise or leave it as credit.",
            number=number,
        )


class MoreThanTolerance(Refusal):
    """What is left of an invoice is too much to be closed as a small difference (R-21)."""

    code = "more_than_tolerance"

    def __init__(self, number: str, left: object, tolerance: object) -> None:
        super().__init__(
            "{left} would be left of {number}. Only {tolerance} may be closed as a small difference.",
            number=number,
            left=left,
            tolerance=tolerance,
        )


class ReasonRequired(Refusal):
    code = "reason_required"

    def __init__(self, what: str) -> None:
        super().__init__("Give a reason to {what}. It is kept in the history.", what=what)


class PeriodClosed(Refusal):
    code = "period_closed"

    def __init__(self, through: object) -> None:
        super().__init__("The books are closed through {through}. Choose a later date.", through=through)


# --- paying online -------------------------------------------------------------------------------
class NothingSelected(Refusal):
    code = "nothing_selected"

    def __init__(self) -> None:
        super().__init__("Select at least one invoice to pay.")


class NotPayable(Refusal):
    code = "not_payable"


class PaymentPending(Refusal):
    code = "payment_pending"

    def __init__(self, number: str, amount: object) -> None:
        super().__init__(
            "A payment of {amount} is on its way for {number}. Wait until it arrives.", amount=amount, number=number
        )


class NoMethod(Refusal):
    code = "no_method"

    def __init__(self) -> None:
        super().__init__("This store takes no online payments for invoices. Contact the store for how to pay.")


class StoreChangesPrice(Refusal):
    code = "store_changes_price"

    def __init__(self, asked: object, found: object, cause: str) -> None:
        super().__init__(
            "The store's checkout would charge {found} instead of {asked} ({cause}). Nothing was charged; "
            "the seller has been told.",
            found=found,
            asked=asked,
            cause=cause,
        )


class LinesRefused(Refusal):
    """Several lines of one request were refused, each with its own refusal."""

    code = "lines_refused"

    def __init__(self, lines: Mapping[str, Refusal]) -> None:
        super().__init__("Some invoices cannot be paid as entered. See each line.")
        self.lines = dict(lines)


# --- staff ---------------------------------------------------------------------------------------
class LastAdmin(Refusal):
    code = "last_admin"

    def __init__(self) -> None:
        super().__init__("The store needs at least one IP-Admin. Give another person that role first.")


class OwnerStays(Refusal):
    code = "owner_stays"

    def __init__(self) -> None:
        super().__init__("The store owner is always IP-Admin. BigCommerce decides who owns the store.")


class OwnRole(Refusal):
    code = "own_role"

    def __init__(self) -> None:
        super().__init__("You cannot change your own role. Ask another IP-Admin.")


class OwnRights(Refusal):
    code = "own_rights"

    def __init__(self, role: str) -> None:
        super().__init__("You cannot change the rights of your own role, {role}. Ask an IP-Admin.", role=role)


class AlreadyHere(Refusal):
    """The person added by e-mail is on the list of users."""

    code = "already_here"

    def __init__(self, email: str) -> None:
        super().__init__("{email} is on the list already. Change the role there.", email=email)


# --- the world -----------------------------------------------------------------------------------
class OutOfService(Refusal):
    """Our own database cannot be reached or written to (F-24). Whether a commit under way came through is not known:
    only what has a key can be repeated without a look."""

    code = "out_of_service"

    def __init__(self) -> None:
        super().__init__("Invoice Portal cannot reach its books at the moment. Try again in a minute.")


class StoreUnreachable(Refusal):
    """BigCommerce did not answer usefully; nothing was changed and the act can be repeated."""

    code = "store_unreachable"

    def __init__(self, why: str = "BigCommerce did not answer") -> None:
        super().__init__("{why}. Nothing was changed; try again in a minute.", why=why)


class StoreDisconnected(Refusal):
    """The store's access token is dead: the app must be opened from the control panel again."""

    code = "store_disconnected"

    def __init__(self) -> None:
        super().__init__("The store has disconnected Invoice Portal. Open the app from the control panel to reconnect.")


class DirectoryUnreachable(Refusal):
    """B2B Edition is missing or away."""

    code = "directory_unreachable"

    def __init__(self, why: str = "B2B Edition did not answer") -> None:
        super().__init__("{why}. Company data cannot be checked right now; try again in a minute.", why=why)


class ScopeMissing(Refusal):
    code = "scope_missing"

    def __init__(self, what: str) -> None:
        super().__init__("The app may not {what} in this store. Re-install it to grant the missing scope.", what=what)


class KeyReused(Refusal):
    """An idempotency key came with another body (I-8)."""

    code = "key_reused"

    def __init__(self) -> None:
        super().__init__("This Idempotency-Key was used with another body. Use a new key for a new request.")


class KeyInFlight(Refusal):
    code = "key_in_flight"

    def __init__(self) -> None:
        super().__init__("A request with this Idempotency-Key is still being worked on. Repeat it in a moment.")
