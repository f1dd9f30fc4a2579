"""Cached accounts and live allocations follow the movements, under the locks of their rows (I-1, I-2, I-14)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Table, bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from adapters.sql.scope import Scope, among, known_id
from adapters.sql.tables import allocation, credit_memo, invoice, payment
from domain.errors import InvariantBroken, NotFound
from domain.ledger import InvoiceAccount, Kind, Movement, SourceAccount, SourceKind

INVOICE_ACCOUNT: Final = ("live_total", "paid", "credited", "written_off")
SOURCE_ACCOUNT: Final = ("inflow", "allocated", "refunded", "reversed", "charged_back", "paid_out")
SOURCES: Final[Mapping[SourceKind, Table]] = {SourceKind.PAYMENT: payment, SourceKind.CREDIT_MEMO: credit_memo}


class Posting:
    """Brings the cached accounts and allocation rows up to a batch of movements, under the rows' locks."""

    def __init__(self, scope: Scope, movements: Sequence[Movement]) -> None:
        self._scope = scope
        self._movements = movements
        self._invoices: dict[str, Any] = {}
        self._sources: dict[str, Any] = {}
        self._invoice_accounts: dict[str, InvoiceAccount] = {}
        self._source_accounts: dict[str, SourceAccount] = {}
        self._allocated: dict[tuple[str, str], int] = {}
        self._before: dict[tuple[str, str], int] = {}

    def run(self) -> None:
        if not self._movements:
            return
        self._read()
        for one in self._movements:
            self._check(one)
            if one.invoice_id is not None:
                self._invoice_accounts[one.invoice_id] = self._invoice_accounts[one.invoice_id].after(one)
            if one.source_id is not None:
                self._source_accounts[one.source_id] = self._source_accounts[one.source_id].after(one)
            if one.kind in (Kind.ALLOCATED, Kind.DEALLOCATED) and one.source_id and one.invoice_id:
                pair = (one.source_id, one.invoice_id)
                self._allocated[pair] = self._allocated.get(pair, 0) - one.invoice_effect
        self._write()

    # --- reading under locks ---------------------------------------------------------------------------------
    def _read(self) -> None:
        invoice_ids = {one.invoice_id for one in self._movements if one.invoice_id is not None}
        for row in self._locked(invoice, invoice_ids, INVOICE_ACCOUNT):
            self._invoices[row.id] = row
            self._invoice_accounts[row.id] = InvoiceAccount(*row[3:])
        for kind, table in SOURCES.items():
            ids = {one.source_id for one in self._movements if one.source_id and one.source_kind is kind}
            for row in self._locked(table, ids, SOURCE_ACCOUNT):
                self._sources[row.id] = row
                self._source_accounts[row.id] = SourceAccount(*row[3:])
        self._read_allocations()

    def _locked(self, table: Table, ids: Iterable[str], account: tuple[str, ...]) -> Sequence[Any]:
        what = table.name.replace("_", " ")
        wanted = sorted({known_id(one, what) for one in ids})
        if not wanted:
            return []
        columns = [table.c.id, table.c.currency, table.c.company_id, *(table.c[f"{name}_minor"] for name in account)]
        chosen = select(*columns).where(self._scope.own(table), among(table.c.id, wanted)).order_by(table.c.id)
        rows = self._scope.all(chosen.with_for_update(key_share=True))
        if len(rows) < len(wanted):
            raise NotFound(what)
        return rows

    def _read_allocations(self) -> None:
        pairs = [one for one in self._movements if one.kind in (Kind.ALLOCATED, Kind.DEALLOCATED)]
        if not pairs:
            return
        chosen = select(allocation.c.source_id, allocation.c.invoice_id, allocation.c.amount_minor).where(
            self._scope.own(allocation),
            among(allocation.c.source_id, {one.source_id for one in pairs}),
            among(allocation.c.invoice_id, {one.invoice_id for one in pairs}),
        )
        self._allocated = {(row.source_id, row.invoice_id): row.amount_minor for row in self._scope.all(chosen)}
        self._before = dict(self._allocated)

    # --- what must hold for a single movement (I-14) -----------------------------------------------------------
    def _check(self, one: Movement) -> None:
        document = self._invoices.get(one.invoice_id or "")
        source = self._sources.get(one.source_id or "")
        for row in filter(None, (document, source)):
            if row.currency != one.amount.currency:
                raise InvariantBroken(f"{one.kind} of {one.amount} on a document in {row.currency}")
        owner = document or source
        if owner is not None and owner.company_id != one.company_id:
            raise InvariantBroken(f"{one.kind} for company {one.company_id} on a document of {owner.company_id}")
        payer = source.company_id if document and source and source.company_id != document.company_id else None
        if one.payer_company_id != payer:
            raise InvariantBroken(f"{one.kind} names payer {one.payer_company_id}, but the source is of {payer}")

    # --- writing -------------------------------------------------------------------------------------------------
    def _write(self) -> None:
        self._update(invoice, INVOICE_ACCOUNT, self._invoice_accounts)
        for kind, table in SOURCES.items():
            of_kind = {one.source_id for one in self._movements if one.source_kind is kind}
            chosen = {key: account for key, account in self._source_accounts.items() if key in of_kind}
            self._update(table, SOURCE_ACCOUNT, chosen)
        self._write_allocations()

    def _update(self, table: Table, names: tuple[str, ...], accounts: Mapping[str, object]) -> None:
        if not accounts:
            return
        statement = (
            update(table)
            .where(self._scope.own(table), table.c.id == bindparam("document_id"))
            .values({f"{name}_minor": bindparam(f"new_{name}") for name in names})
        )
        rows = [
            {"document_id": key, **{f"new_{name}": getattr(account, name) for name in names}}
            for key, account in accounts.items()
        ]
        self._scope.run(statement, rows)

    def _write_allocations(self) -> None:
        changed = {pair: amount for pair, amount in self._allocated.items() if self._before.get(pair) != amount}
        gone = [pair for pair, amount in changed.items() if amount == 0 and pair in self._before]
        live = {pair: amount for pair, amount in changed.items() if amount != 0}
        if min(changed.values(), default=0) < 0:
            raise InvariantBroken("an allocation would become negative")
        for source_id, invoice_id in gone:
            self._scope.run(delete(allocation).where(self._is_pair(source_id, invoice_id)))
        if live:
            self._put(live)

    def _is_pair(self, source_id: str, invoice_id: str) -> ColumnElement[bool]:
        return (
            self._scope.own(allocation)
            & (allocation.c.source_id == source_id)
            & (allocation.c.invoice_id == invoice_id)
        )

    def _put(self, live: Mapping[tuple[str, str], int]) -> None:
        kinds = {one.source_id: one.source_kind for one in self._movements}
        rows = [
            {
                "store_id": self._scope.store_id,
                "source_id": source_id,
                "invoice_id": invoice_id,
                "source_kind": kinds[source_id],
                "amount_minor": amount,
                "currency": self._sources[source_id].currency,
                "changed_at": func.clock_timestamp(),
            }
            for (source_id, invoice_id), amount in live.items()
        ]
        statement = insert(allocation).values(rows)
        fresh = statement.excluded
        self._scope.run(
            statement.on_conflict_do_update(
                constraint="pk_allocation",
                set_={"amount_minor": fresh.amount_minor, "changed_at": fresh.changed_at},
            )
        )
