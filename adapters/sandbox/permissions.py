"""B2B Edition's permission codes with the levels each supports, and the roles of the sandbox.

Levels: 1 the user's own, 2 the company's, 3 the company's and its subsidiaries'.
"""

from adapters.sandbox.state import Doc

_TWO_THREE, _ALL, _ONE_THREE = (2, 3), (1, 2, 3), (1, 3)

_BY_MODULE: dict[str, dict[tuple[int, ...], str]] = {
    "address": {
        _TWO_THREE: (
            "get_addresses get_address_detail get_default_shipping get_default_billing "
            "create_address update_address delete_address"
        )
    },
    "invoice": {
        _TWO_THREE: (
            "get_invoices get_invoice_detail export_invoices get_invoice_pdf get_invoice_payments_history pay_invoice"
        )
    },
    "order": {_ALL: "get_orders get_order_detail"},
    "quote": {
        _ALL: "get_quotes get_quote_detail update_quote_message checkout_with_quote get_quote_pdf",
        _ONE_THREE: "create_quote",
    },
    "shoppinglist": {
        _ALL: (
            "get_shopping_lists get_shopping_list_detail create_shopping_list deplicate_shopping_list "
            "update_shopping_list delete_shopping_list create_shopping_list_item "
            "update_shopping_list_item delete_shopping_list_item"
        ),
        _ONE_THREE: "submit_shopping_list_for_approval",
        _TWO_THREE: "approve_draft_shopping_list",
    },
    "user": {_TWO_THREE: "get_users get_user_detail create_user update_user delete_user get_roles"},
    "checkout": {_TWO_THREE: "purchase_enable"},
    "company": {(3,): "get_company_subsidiaries"},
}

LEVELS = {code: levels for groups in _BY_MODULE.values() for levels, codes in groups.items() for code in codes.split()}
MODULES = {code: module for module, groups in _BY_MODULE.items() for codes in groups.values() for code in codes.split()}
_IDS = {code: index for index, code in enumerate(LEVELS, 1)}

ADMIN, SENIOR, JUNIOR, AUDITOR, HEAD_OFFICE = 1, 2, 3, 11, 12

_INVOICES_VIEW = ("get_invoices", "get_invoice_detail", "get_invoice_pdf", "get_invoice_payments_history")


def _role(role_id: int, name: str, role_type: int, granted: dict[str, int]) -> Doc:
    rows = [{"id": _IDS[code], "code": code, "permissionLevel": level} for code, level in granted.items()]
    return {"id": role_id, "name": name, "roleType": role_type, "roleLevel": 1, "permissions": rows}


def roles() -> list[Doc]:
    """Three predefined roles and two custom ones: view-only on invoices; head office with subsidiaries."""
    company = {code: 2 if 2 in levels else min(levels) for code, levels in LEVELS.items()}
    admin = {code: level for code, level in company.items() if code != "get_company_subsidiaries"}
    senior = {code: level for code, level in admin.items() if MODULES[code] not in ("user", "company")}
    junior = {
        code: min(LEVELS[code])
        for code in LEVELS
        if MODULES[code] in ("order", "quote", "shoppinglist") and 1 in LEVELS[code]
    }
    auditor = dict.fromkeys((*_INVOICES_VIEW, "get_orders", "get_order_detail"), 2)
    head_office = {code: max(levels) for code, levels in LEVELS.items()}
    return [
        _role(ADMIN, "Admin", 1, admin),
        _role(SENIOR, "Senior Buyer", 1, senior),
        _role(JUNIOR, "Junior Buyer", 1, junior),
        _role(AUDITOR, "Invoice Viewer", 2, auditor),
        _role(HEAD_OFFICE, "Head Office", 2, head_office),
    ]
