"""Makes what the portal needs in the store: hooks, script, page, payment product. Each step idempotent (R-23)."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from domain.errors import NotPayable, ScopeMissing, StoreUnreachable
from domain.ports import OpenWork, PaymentProduct, ScriptFile, Shop, Stores
from domain.use_cases.open_shop import OpenShop


@dataclass(frozen=True)
class SetUpStore:
    """Run after install and daily. A step that fails is noted and shown; the others go on.

    Raises StoreUnreachable at the end, so that the outbox repeats it, and StoreDisconnected.
    `hook_secret` makes a random secret.
    """

    open_work: OpenWork
    open_shop: OpenShop
    stores: Stores
    script: Callable[[], ScriptFile]
    hook_secret: Callable[[], str]
    public_url: str

    def __call__(self, store_id: int) -> list[str]:
        shop = self.open_shop(store_id)
        profile = shop.setup.profile()
        secret = self._kept_secret(store_id)
        destination = f"{self.public_url}/hooks/bigcommerce/{self.stores.route_of(store_id)}"
        with self.open_work(store_id) as work:
            work.notes.put_profile(profile)
            work.commit()
        done: dict[str, str] = {}
        mended: list[str] = []
        failed: StoreUnreachable | None = None
        steps: dict[str, Callable[[], list[str]]] = {
            "hooks": lambda: shop.setup.ensure_hooks(destination, secret),
            "page": shop.setup.ensure_page,
            "script": lambda: shop.setup.ensure_script(self.script()),
            "product": lambda: self._product(store_id, shop),
        }
        for name, step in steps.items():
            try:
                mended += step()
                done[name] = "done"
            except ScopeMissing as refusal:
                done[name] = refusal.sentence
            except StoreUnreachable as refusal:
                done[name] = refusal.sentence
                failed = refusal
        with self.open_work(store_id) as work:
            work.notes.put_fact("setup", {**done, "mended": mended, "at": work.now().isoformat()})
            work.outbox.put("check_store", "store")
            work.commit()
        if failed is not None:
            raise failed
        return mended

    def _kept_secret(self, store_id: int) -> str:
        with self.open_work(store_id) as work:
            secret = work.notes.secret("hook_secret")
            if secret is None:
                secret = self.hook_secret()
                work.notes.put_secret("hook_secret", secret)
                work.commit()
        return secret

    def _product(self, store_id: int, shop: Shop) -> list[str]:
        product, mended = shop.setup.ensure_payment_product()
        with self.open_work(store_id) as work:
            settings = work.notes.locked_settings()
            work.notes.put_settings(
                replace(
                    settings,
                    payment_product_id=product.product_id,
                    payment_option_id=product.option_id,
                    payment_variant_id=product.variant_id,
                )
            )
            work.commit()
        return mended


def payment_product(settings_product: tuple[int | None, int | None, int | None]) -> PaymentProduct:
    """The stored payment product. Raises NotPayable, for buyers to read, while onboarding has not made it."""
    product_id, option_id, variant_id = settings_product
    if product_id is None:
        raise NotPayable("This store takes no online payments for invoices yet. Contact the store for how to pay.")
    return PaymentProduct(product_id, option_id, variant_id)
