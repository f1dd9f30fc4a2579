"""The second door: what the ledger says, read past all of our code as the database's superuser."""

from dataclasses import dataclass
from typing import Any

import psycopg

from admin_app.local import Local


@dataclass(frozen=True)
class Ledger:
    """Raw reads of one store's books. Amounts are minor units."""

    local: Local
    store: str

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """`%s` placeholders; the first one is the store's id."""
        with psycopg.connect(self.local.services.superuser_url) as connection:
            found = connection.execute("SELECT id FROM store WHERE hash = %s", (self.store,)).fetchone()
            return connection.execute(query, (found[0] if found else 0, *values)).fetchall()

    def movements(self, number: str) -> dict[str, int]:
        """Sum per kind of movement of the invoice with that number."""
        query = (
            "SELECT m.kind, sum(m.amount_minor) FROM movement m JOIN invoice i USING (store_id) "
            "WHERE m.store_id = %s AND i.id = m.invoice_id AND i.number = %s GROUP BY 1"
        )
        return {str(kind): int(total) for kind, total in self.rows(query, number)}

    def of_payment(self, number: str) -> dict[str, int]:
        """Sum per kind of movement of the payment with that number."""
        query = (
            "SELECT m.kind, sum(m.amount_minor) FROM movement m JOIN payment p USING (store_id) "
            "WHERE m.store_id = %s AND p.id = m.source_id AND p.number = %s GROUP BY 1"
        )
        return {str(kind): int(total) for kind, total in self.rows(query, number)}

    def balance(self, number: str) -> int:
        """An invoice's balance folded from its movements: what is cached is not asked."""
        raises = ("invoiced", "adjusted", "restored", "deallocated", "write_off_reversed")
        found = self.movements(number)
        return sum(total if kind in raises else -total for kind, total in found.items())

    def count(self, table: str) -> int:
        """Rows of one table of this store."""
        return int(self.rows(f"SELECT count(*) FROM {table} WHERE store_id = %s")[0][0])  # noqa: S608 - our own names
