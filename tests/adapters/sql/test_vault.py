"""Secrets at rest: encrypted, bound to their place, readable after a change of keys."""

import pytest
from cryptography.fernet import Fernet

from adapters.sql.vault import SecretUnreadable, Vault
from tests.adapters.sql.conftest import Sql

OLD, NEW = (Fernet.generate_key().decode() for _ in range(2))


def test_the_first_key_encrypts_and_every_key_decrypts() -> None:
    """T-31."""
    before = Vault.parse(f"old:{OLD}")
    key_id, ciphertext = before.encrypt("token", "store 1 access_token")
    after = Vault.parse(f" new:{NEW} , old:{OLD} ,")

    assert (key_id, after.current_key_id) == ("old", "new")
    assert after.decrypt(key_id, ciphertext, "store 1 access_token") == "token"
    assert after.encrypt("token", "x")[0] == "new"


def test_a_secret_is_of_no_use_in_another_place() -> None:
    vault = Vault({"old": OLD})
    sealed = vault.encrypt("token", "store 1 access_token")

    for purpose in ("store 2 access_token", "store 1 hook_secret"):
        with pytest.raises(SecretUnreadable):
            vault.decrypt(*sealed, purpose)


def test_an_unknown_key_and_a_changed_text_are_refused() -> None:
    key_id, ciphertext = Vault({"old": OLD}).encrypt("token", "p")

    with pytest.raises(SecretUnreadable, match="old is not configured"):
        Vault({"new": NEW}).decrypt(key_id, ciphertext, "p")
    with pytest.raises(SecretUnreadable):
        Vault({"old": NEW}).decrypt(key_id, ciphertext, "p")


@pytest.mark.parametrize(
    "text",
    ["", "   ", "old", f":{OLD}", f"old:{OLD},old:{NEW}", "old:short"],
    ids=["nothing", "blank", "no key", "no name", "a name twice", "no Fernet key"],
)
def test_keys_that_cannot_be_used_are_refused_at_start(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever its words, the process must not start
        Vault.parse(text)


def test_no_secret_stands_in_the_database(sql: Sql) -> None:
    """T-31: a dump gives nothing away."""
    with sql.database.open_work(sql.store.id) as work:
        work.notes.put_secret("access_token", "very-secret-token")
        work.commit()

    with sql.as_superuser() as connection:
        row = connection.execute("SELECT s::text FROM secret s").fetchone()
    assert "very-secret-token" not in row[0]
    assert "access_token" in row[0]
