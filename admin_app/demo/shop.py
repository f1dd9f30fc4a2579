"""First chapter: install, synchronisation, people (story 1 to 3)."""

from admin_app.demo.scene import Scene
from admin_app.demo.trade import ROLES, SALES, cut_over_day, end_opening, give_role, is_set_up, is_synced
from admin_app.demo.visitors import Person, must, until, words_of


def _installed(scene: Scene) -> str:
    page = scene.owner.open_app()
    must("Get started" in page.text, f"no first page: {page.status_code} {words_of(page)[:200]}")
    found = scene.ledger.rows("SELECT value FROM secret WHERE store_id = %s AND name = 'access_token'")
    must(found and len(found[0][0]) > 80, "no encrypted token is stored")
    return f"the token rests as {len(found[0][0])} encrypted characters"


def _prepared(scene: Scene) -> str:
    until(lambda: is_set_up(scene.ledger), "the store to be prepared")
    hooks = scene.store.call("GET", "/hooks")
    must(hooks, "the store has no hook of ours")
    page = scene.owner.get("/settings/health")
    must("Payment product" in page.text, "the health page does not tell")
    return f"the store holds {len(hooks)} hooks of ours"


def _synced(scene: Scene) -> str:
    def look() -> str:
        return words_of(scene.owner.get("/")) if is_synced(scene.ledger) else ""

    words = until(look, "the first synchronisation", 60)
    kept = scene.ledger.count("shop_order")
    must(kept > 50, f"only {kept} orders were kept")
    must("orders read" in words, "onboarding does not show the counts")
    return f"{kept} orders of companies are kept; guests and B2C shoppers are not"


def _left_out(scene: Scene) -> str:
    special = scene.store.call("GET", "/special")
    payment_order = special["invoice_payment"][0]
    page = scene.owner.get("/orders?state=all&limit=100")
    must(
        f"/orders/{payment_order}/" not in page.text and f">{payment_order}</a>" not in page.text,
        "an invoice payment is on the order dashboard",
    )
    rep = special["sales_rep"][0]
    found = scene.ledger.rows("SELECT company_id FROM shop_order WHERE store_id = %s AND id = %s", rep)
    must(found and found[0][0], f"the sales rep's order {rep} was not found by its B2B record")
    return f"order {rep} of a sales rep belongs to company {found[0][0]}, payment order {payment_order} is not listed"


def _directory(scene: Scene) -> str:
    companies, buyers = scene.ledger.count("company"), scene.ledger.count("buyer")
    must(companies >= 6 and buyers >= 18, f"{companies} companies, {buyers} buyers")
    return f"{companies} companies and {buyers} buyers with their rights"


def _opening_ends(scene: Scene) -> str:
    end_opening(scene.owner, cut_over_day())
    found = scene.ledger.rows("SELECT value ->> 'cut_over' FROM note WHERE store_id = %s AND name = 'settings'")
    must(found and found[0][0], "no cut-over date is kept")
    return f"the cut-over date is {found[0][0]}"


def _no_access(scene: Scene) -> str:
    page = scene.sales.open_app()
    must("role" in words_of(page).lower() and "/orders" not in page.text, f"a stranger got in: {words_of(page)[:200]}")
    listed = words_of(scene.owner.get("/users"))
    must("sam@" in listed, "the second user is not on the Users page")
    return "Sam is listed under Users without a role"


def _role_given(scene: Scene) -> str:
    give_role(scene.owner, SALES, ROLES[SALES])
    again = Person(scene.local, scene.store.hash, SALES)
    page = again.open_app()
    must("IP-Sales" in page.text, f"no access after the role was given: {words_of(page)[:200]}")
    scene.sales.cookies = again.cookies
    refused = again.get("/users")
    must(refused.status_code == 403, f"IP-Sales opened Users: {refused.status_code}")
    return "Sam works as IP-Sales, and Users answers 403 to that role"


def _others(scene: Scene) -> str:
    for person in (scene.finance, scene.viewer, scene.admin):
        person.open_app()
        give_role(scene.owner, person.user_id, ROLES[person.user_id])
    found = scene.ledger.rows("SELECT count(*) FROM staff WHERE store_id = %s AND role IS NOT NULL")
    return f"{found[0][0]} people have roles"


STEPS = (
    ("the owner installs the app and its token is stored encrypted", _installed),
    ("hooks, script, page and payment product are made in the store", _prepared),
    ("orders of the last year are synchronised with counts that grow", _synced),
    ("invoice payments stay off the dashboard, a sales rep's order finds its company", _left_out),
    ("companies, buyers and roles come from BundleB2B", _directory),
    ("opening mode ends with a cut-over date", _opening_ends),
    ("a second control-panel user has no access at first", _no_access),
    ("with IP-Sales given, opening the app is signing in", _role_given),
    ("IP-Finance, Viewer and IP-Admin get their roles", _others),
)
