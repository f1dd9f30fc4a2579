"""What the auditor asks: each statement gives one sentence per violation of its invariant, in one store."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Check:
    """`id` is the invariant's; the statement knows `:store_id` and answers with one column, `sentence`."""

    id: str
    statement: str


# Every payment and credit memo: in - out = live allocations + available, account by account.
_SOURCE: Final = """
    WITH folded AS (
        SELECT source_id,
            sum(amount_minor) FILTER (WHERE kind IN ('received', 'settled_elsewhere', 'credited')) AS inflow,
            -sum(source_effect) FILTER (WHERE kind IN ('allocated', 'deallocated')) AS allocated,
            sum(amount_minor) FILTER (WHERE kind = 'refunded') AS refunded,
            sum(amount_minor) FILTER (WHERE kind = 'reversed') AS reversed,
            -sum(source_effect) FILTER (WHERE kind IN ('charged_back', 'chargeback_won')) AS charged_back,
            sum(amount_minor) FILTER (WHERE kind = 'paid_out') AS paid_out,
            sum(source_effect) AS available
        FROM movement WHERE store_id = :store_id AND source_kind = '{table}' GROUP BY source_id
    ), live AS (
        SELECT source_id, sum(amount_minor) AS amount
        FROM allocation WHERE store_id = :store_id AND source_kind = '{table}' GROUP BY source_id
    )
    SELECT format('%s %s has available %s, movements say %s; allocated %s, allocations say %s',
        '{table}', number, available_minor, coalesce(available, 0), allocated_minor, coalesce(amount, 0)) AS sentence
    FROM {table} LEFT JOIN folded ON folded.source_id = id LEFT JOIN live ON live.source_id = id
    WHERE store_id = :store_id AND (
        (inflow_minor, allocated_minor, refunded_minor, reversed_minor, charged_back_minor, paid_out_minor)
        IS DISTINCT FROM (coalesce(inflow, 0), coalesce(allocated, 0), coalesce(refunded, 0),
            coalesce(reversed, 0), coalesce(charged_back, 0), coalesce(paid_out, 0))
        OR available_minor IS DISTINCT FROM coalesce(available, 0)
        OR allocated_minor IS DISTINCT FROM coalesce(amount, 0)
        OR available_minor < 0)
"""

_ALLOCATIONS: Final = """
    WITH folded AS (
        SELECT source_id, invoice_id, -sum(invoice_effect) AS amount FROM movement
        WHERE store_id = :store_id AND kind IN ('allocated', 'deallocated') GROUP BY source_id, invoice_id
    )
    SELECT format('the allocation of %s to %s is %s, movements say %s', coalesce(a.source_id, f.source_id),
        coalesce(a.invoice_id, f.invoice_id), coalesce(a.amount_minor, 0), coalesce(f.amount, 0)) AS sentence
    FROM (SELECT * FROM allocation WHERE store_id = :store_id) a
    FULL JOIN folded f ON f.source_id = a.source_id AND f.invoice_id = a.invoice_id
    WHERE coalesce(a.amount_minor, 0) <> coalesce(f.amount, 0)
"""

_FOLDED_INVOICES: Final = """
    WITH folded AS (
        SELECT invoice_id,
            sum(invoice_effect) FILTER (
                WHERE kind IN ('invoiced', 'adjusted', 'voided', 'deleted', 'restored')) AS live_total,
            -sum(invoice_effect) FILTER (WHERE source_kind = 'payment') AS paid,
            -sum(invoice_effect) FILTER (WHERE source_kind = 'credit_memo') AS credited,
            -sum(invoice_effect) FILTER (WHERE kind IN ('written_off', 'write_off_reversed')) AS written_off,
            sum(invoice_effect) AS balance
        FROM movement WHERE store_id = :store_id AND invoice_id IS NOT NULL GROUP BY invoice_id
    )
"""

_INVOICES: Final = """
    {folded}
    SELECT format('invoice %s has balance %s of %s, movements say %s of %s', number, balance_minor,
        live_total_minor, coalesce(balance, 0), coalesce(live_total, 0)) AS sentence
    FROM invoice LEFT JOIN folded ON invoice_id = id
    WHERE store_id = :store_id AND (
        (live_total_minor, paid_minor, credited_minor, written_off_minor) IS DISTINCT FROM
            (coalesce(live_total, 0), coalesce(paid, 0), coalesce(credited, 0), coalesce(written_off, 0))
        OR balance_minor IS DISTINCT FROM coalesce(balance, 0)
        OR live_total_minor <> CASE WHEN removed IS NULL THEN total_minor ELSE 0 END
        OR balance_minor < 0 OR balance_minor > live_total_minor)
"""

_STATUS: Final = """
    {folded}
    SELECT format('invoice %s is shown as %s', number, status) AS sentence
    FROM invoice LEFT JOIN folded ON invoice_id = id
    WHERE store_id = :store_id AND status IS DISTINCT FROM CASE
        WHEN removed IS NOT NULL THEN removed
        WHEN coalesce(balance, 0) = 0 THEN 'closed'
        WHEN balance = live_total THEN 'open'
        ELSE 'partially_paid' END
"""

_ONE_INVOICE: Final = """
    SELECT format('order %s has %s live invoices made here', order_id, count(*)) AS sentence
    FROM invoice WHERE store_id = :store_id AND source = 'order' AND removed IS NULL
    GROUP BY order_id HAVING count(*) > 1
"""

_ONE_PAYMENT: Final = """
    SELECT format('BigCommerce order %s has %s payments', bc_order_id, count(*)) AS sentence
    FROM payment WHERE store_id = :store_id AND bc_order_id IS NOT NULL
    GROUP BY bc_order_id HAVING count(*) > 1
    UNION ALL
    SELECT format('transaction %s is booked %s times', transaction_id, count(*))
    FROM movement WHERE store_id = :store_id AND transaction_id IS NOT NULL
    GROUP BY transaction_id HAVING count(*) > 1
"""

_AUTHORS: Final = """
    SELECT format('movement %s has no audit row', seq) AS sentence
    FROM movement m WHERE store_id = :store_id AND NOT EXISTS (
        SELECT FROM audit a WHERE a.store_id = m.store_id AND a.seq = m.audit_seq)
    UNION ALL
    SELECT format('audit row %s names nobody', seq)
    FROM audit WHERE store_id = :store_id AND (actor_kind = '' OR actor_id = '')
    UNION ALL
    SELECT format('audit row %s has no texts row', seq)
    FROM audit a WHERE store_id = :store_id AND NOT EXISTS (
        SELECT FROM audit_text t WHERE t.store_id = a.store_id AND t.audit_seq = a.seq)
    UNION ALL
    SELECT format('movement %s belongs to an earlier act than the one before it', seq) FROM (
        SELECT seq, audit_seq, lag(audit_seq) OVER (ORDER BY seq) AS before FROM movement WHERE store_id = :store_id
    ) AS in_order WHERE audit_seq < before
"""

_CURRENCIES: Final = """
    SELECT format('movement %s in %s is on invoice %s in %s', m.seq, m.currency, d.number, d.currency) AS sentence
    FROM movement m JOIN invoice d ON d.store_id = m.store_id AND d.id = m.invoice_id
    WHERE m.store_id = :store_id AND m.currency <> d.currency
    UNION ALL
    SELECT format('movement %s in %s is on payment %s in %s', m.seq, m.currency, d.number, d.currency)
    FROM movement m JOIN payment d ON d.store_id = m.store_id AND d.id = m.payment_id
    WHERE m.store_id = :store_id AND m.currency <> d.currency
    UNION ALL
    SELECT format('movement %s in %s is on credit memo %s in %s', m.seq, m.currency, d.number, d.currency)
    FROM movement m JOIN credit_memo d ON d.store_id = m.store_id AND d.id = m.credit_memo_id
    WHERE m.store_id = :store_id AND m.currency <> d.currency
    UNION ALL
    SELECT format('allocation of %s in %s is on invoice %s in %s', a.source_id, a.currency, d.number, d.currency)
    FROM allocation a JOIN invoice d ON d.store_id = a.store_id AND d.id = a.invoice_id
    WHERE a.store_id = :store_id AND a.currency <> d.currency
"""

# `allocated` across companies lowers what the branch owes and raises what head office owes.
_COMPANIES: Final = """
    WITH moved AS (
        SELECT company_id, currency, CASE
            WHEN payer_company_id IS NOT NULL THEN invoice_effect
            WHEN kind IN ('allocated', 'deallocated') THEN 0
            WHEN kind = 'transferred_out' THEN -amount_minor
            WHEN kind = 'transferred_in' THEN amount_minor
            ELSE invoice_effect - source_effect END AS amount
        FROM movement WHERE store_id = :store_id
        UNION ALL
        SELECT payer_company_id, currency, -source_effect
        FROM movement WHERE store_id = :store_id AND payer_company_id IS NOT NULL
    ), held AS (
        SELECT company_id, currency, balance_minor AS amount FROM invoice WHERE store_id = :store_id
        UNION ALL
        SELECT company_id, currency, -available_minor FROM payment WHERE store_id = :store_id
        UNION ALL
        SELECT company_id, currency, -available_minor FROM credit_memo WHERE store_id = :store_id
    ), sums AS (
        SELECT company_id, currency, sum(amount) AS moved, 0::numeric AS held FROM moved GROUP BY company_id, currency
        UNION ALL
        SELECT company_id, currency, 0, sum(amount) FROM held GROUP BY company_id, currency
    )
    SELECT format('company %s owes %s %s by its movements, %s by its documents',
        company_id, sum(moved), currency, sum(held)) AS sentence
    FROM sums GROUP BY company_id, currency HAVING sum(moved) <> sum(held)
"""

STORE_CHECKS: Final = (
    Check("I-1", _SOURCE.format(table="payment")),
    Check("I-1", _SOURCE.format(table="credit_memo")),
    Check("I-1", _ALLOCATIONS),
    Check("I-2", _INVOICES.format(folded=_FOLDED_INVOICES)),
    Check("I-3", _STATUS.format(folded=_FOLDED_INVOICES)),
    Check("I-5", _ONE_INVOICE),
    Check("I-6", _ONE_PAYMENT),
    Check("I-13", _AUTHORS),
    Check("I-14", _CURRENCIES),
    Check("I-18", _COMPANIES),
)

_APPEND_ONLY: Final = """
    WITH kept AS (SELECT unnest(ARRAY['movement', 'audit', 'event']) AS name)
    SELECT format('%s may %s rows of %s', role, lower(act), name) AS sentence
    FROM kept, unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE']) AS act, unnest(ARRAY['portal_app', current_user]) AS role
    WHERE has_table_privilege(role, name, act)
    UNION
    SELECT format('%s has no trigger %s that is on', name, wanted)
    FROM kept, unnest(ARRAY['append_only', 'no_truncate']) AS wanted
    WHERE NOT EXISTS (
        SELECT FROM pg_trigger WHERE tgrelid = name::regclass AND tgname = wanted AND tgenabled IN ('O', 'A'))
    UNION
    SELECT format('%s has no check at commit that is on', name)
    FROM unnest(ARRAY['movement', 'invoice', 'payment', 'credit_memo', 'allocation']) AS name
    WHERE NOT EXISTS (
        SELECT FROM pg_trigger WHERE tgrelid = name::regclass AND tgname = 'adds_up' AND tgenabled IN ('O', 'A'))
"""

CATALOG_CHECKS: Final = (Check("I-12", _APPEND_ONLY),)
"""What is the same for all stores."""
