"""What the portal needs from the world, as small Protocols. `get` raises NotFound, `find` may give None.

Storage ports live inside one unit of work on one store; ports to BigCommerce and BundleB2B are opened for one
store and never used inside a transaction (ground rule 4).
"""

from domain.ports.access import ApiKey, ApiKeys, Caller, Grant, Login, Session, Sessions, Shopper, Stores
from domain.ports.accounts import Accounts
from domain.ports.boxes import Backlog, Box, Failed, Item
from domain.ports.checkout import CheckoutReading, OfferedMethod, PaymentProduct, StoreCheckout
from domain.ports.documents import Attempts, CreditMemos, Invoices, Numbers, Payments
from domain.ports.exports import Exports, Tables
from domain.ports.files import Files
from domain.ports.mails import Mails
from domain.ports.notes import Notes, Once, Reviews
from domain.ports.orders import Orders
from domain.ports.outside import Attachment, Clock, Doorbell, Mailer, Message
from domain.ports.papers import Papers
from domain.ports.parties import Companies, Staff
from domain.ports.queries import Queries
from domain.ports.shop import CompanyDirectory, OrderRecord, OtherInvoice, ScriptFile, Shop, Shops, StoreSetup
from domain.ports.store_orders import OrderPage, StoreOrders
from domain.ports.work import OpenWork, Work

__all__ = [
    "Accounts",
    "ApiKey",
    "ApiKeys",
    "Attachment",
    "Attempts",
    "Backlog",
    "Box",
    "Caller",
    "CheckoutReading",
    "Clock",
    "Companies",
    "CompanyDirectory",
    "CreditMemos",
    "Doorbell",
    "Exports",
    "Failed",
    "Files",
    "Grant",
    "Invoices",
    "Item",
    "Login",
    "Mailer",
    "Mails",
    "Message",
    "Notes",
    "Numbers",
    "OfferedMethod",
    "Once",
    "OpenWork",
    "OrderPage",
    "OrderRecord",
    "Orders",
    "OtherInvoice",
    "Papers",
    "PaymentProduct",
    "Payments",
    "Queries",
    "Reviews",
    "ScriptFile",
    "Session",
    "Sessions",
    "Shop",
    "Shopper",
    "Shops",
    "Staff",
    "StoreCheckout",
    "StoreOrders",
    "StoreSetup",
    "Stores",
    "Tables",
    "Work",
]
