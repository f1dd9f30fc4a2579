"""B2B Edition's own invoices: its switches, and a few open ones while they are on (mode `b2b_invoice_switch`)."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from adapters.sandbox.b2b_guard import enveloped, enveloped_page
from adapters.sandbox.paging import keep
from adapters.sandbox.state import Doc, Store
from adapters.sandbox.world import now, store, unix

b2b_invoices = Blueprint("b2b_invoices", __name__)

_DAY = 86_400

_OPEN = (("400.0000", "400.0000", 0), ("349.5000", "120.2500", 1), ("88.0000", "0.0000", 2))
"""Total, what is still owed, and status."""


@b2b_invoices.get("/ip/config")
def invoice_config() -> ResponseReturnValue:
    """B2B Edition's own invoice switches."""
    on = 1 if store().mode("b2b_invoice_switch") else 0
    way: Doc = {"isEnabled": on, "displayName": "Pay", "isStorefrontMethod": on}
    return enveloped(
        {
            "allMethods": [{"code": "testgateway", "name": "Test card", "testMode": True}],
            "invoiceEmailTemplate": {"html": "", "title": "", "isEnabled": 0},
            "isPaymentProcessingEnabled": {"isEnabled": on},
            "payments": {
                "paymentHoldPolicy": 0,
                "generalPaymentFees": [],
                "statusAfterPaymentIsMade": 3,
                "invoiceBalanceUpdatePolicy": 1,
                "onlinePaymentAutomaticInvoiceGeneration": on,
                "offlinePaymentAutomaticInvoiceGeneration": on,
            },
            "paymentsBigcommerceSalesOrder": {**way, "productId": 0, "variantId": 0, "allowedMethods": []},
            "paymentsMinibc": {**way, "apiKey": "unused", "rootUrl": "https://minibc.example", "authorizeOnly": 0},
            "paymentsOffline": way,
            "paymentsTest": way,
            "storesBundleb2b": {"apiKey": "", "isEnabled": on, "internalEmail": "", "internalPassword": ""},
        }
    )


@b2b_invoices.get("/ip/invoices")
def list_invoices() -> ResponseReturnValue:
    """Filter: status. Sorted by invoice number, as the only order asked for."""
    rows = keep(_invoices(store()), "status")
    descending = request.args.get("orderBy", "DESC").upper() == "DESC"
    return enveloped_page(sorted(rows, key=lambda row: str(row["invoiceNumber"]), reverse=descending))


def _invoices(shop: Store) -> list[Doc]:
    if not shop.mode("b2b_invoice_switch"):
        return []
    issued = unix(now()) - 40 * _DAY
    return [
        _invoice(number, company, total, owed, status, issued)
        for company in shop.rows("company")[:2]
        for number, (total, owed, status) in enumerate(_OPEN, int(company["companyId"]) * 10)
    ]


def _invoice(number: int, company: Doc, total: str, owed: str, status: int, issued: int) -> Doc:
    return {
        "id": number,
        "customerId": str(company["companyId"]),
        "externalId": f"E-{number}",
        "externalCustomerId": f"C-{company['companyId']}",
        "invoiceNumber": f"{number:08d}",
        "type": "Invoice",
        "dueDate": issued + 30 * _DAY,
        "status": status,
        "orderNumber": str(900_000 + number),
        "purchaseOrderNumber": f"PO-{number}",
        "details": {"type": "StandardInvoiceDetails", "header": _header(total, issued), "details": _lines(total)},
        "isPendingPayment": 0,
        "source": 0,
        "originalBalance": {"code": "USD", "value": total},
        "openBalance": {"code": "USD", "value": owed},
        "customerName": company["companyName"],
        "createdAt": str(issued),
        "updatedAt": str(issued),
        "channelId": "1",
        "channelName": "Storefront",
    }


def _header(total: str, issued: int) -> Doc:
    address: Doc = {
        "firstName": "Ann",
        "lastName": "Payable",
        "street1": "1 Mill Road",
        "street2": "Suite 2",
        "city": "Portland",
        "state": "Oregon",
        "zipCode": "97201",
        "country": "United States",
        "customFields": {},
    }
    return {
        "costLines": [{"amount": {"code": "USD", "value": total}, "description": "Subtotal"}],
        "orderDate": issued,
        "billingAddress": address,
        "customerFields": {},
        "shippingAddresses": [address],
    }


def _lines(total: str) -> Doc:
    line = {
        "sku": "OLD-1",
        "type": "physical",
        "comments": "none",
        "quantity": "1",
        "unitPrice": {"code": "USD", "value": total},
        "description": "Goods of an earlier order",
        "customFields": {},
        "unitDiscount": {"code": "USD", "value": "0"},
    }
    return {"lineItems": [line], "shipments": []}
