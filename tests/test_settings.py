"""The environment is checked once, at the start, and every mistake is named with its variable."""

from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from admin_app.settings import BIGCOMMERCE_FRAMES, Settings, SettingsInvalid, read_settings

ROOT = Path(__file__).parents[1]

COMPLETE = {
    "DATABASE_URL": "postgresql://portal_app:secret@db.internal/portal",
    "REDIS_URL": "redis://:secret@redis.internal:6379/0",
    "PUBLIC_URL": "https://portal.example",
    "BC_CLIENT_ID": "the-client-id",
    "BC_CLIENT_SECRET": "the-client-secret-of-the-app",
    "ENCRYPTION_KEYS": f"one:{Fernet.generate_key().decode()}",
}
"""The least one can start with."""

REQUIRED = sorted(COMPLETE)


def refused(**changes: str) -> str:
    with pytest.raises(SettingsInvalid) as refusal:
        read_settings({**COMPLETE, **changes})
    return str(refusal.value)


def test_the_least_environment_has_bigcommerces_own_addresses() -> None:
    settings = read_settings(COMPLETE)

    assert settings.bc_api_url == "https://api.bigcommerce.com"
    assert settings.bc_login_url == "https://login.bigcommerce.com"
    assert settings.b2b_api_url == "https://api-b2b.bigcommerce.com"
    assert settings.frame_ancestors == BIGCOMMERCE_FRAMES
    assert settings.sweep_seconds == 300
    assert settings.mail_url == ""


def test_an_empty_environment_names_everything_that_is_needed() -> None:
    with pytest.raises(SettingsInvalid) as refusal:
        read_settings({})

    lines = str(refusal.value).splitlines()
    assert "README" in lines[0]
    assert sorted(line.strip().partition(":")[0] for line in lines[1:]) == REQUIRED


@pytest.mark.parametrize("name", REQUIRED)
def test_a_variable_that_is_missing_or_empty_is_named(name: str) -> None:
    without = {key: value for key, value in COMPLETE.items() if key != name}

    with pytest.raises(SettingsInvalid, match=f"{name}: "):
        read_settings(without)
    assert f"{name}: " in refused(**{name: ""})


def test_other_variables_of_the_machine_are_left_alone() -> None:
    assert read_settings({**COMPLETE, "HOME": "/root", "DATABASE": "x", "PATH": ""}) == read_settings(COMPLETE)


@pytest.mark.parametrize("name", ["PUBLIC_URL", "BC_API_URL", "BC_LOGIN_URL", "B2B_API_URL"])
@pytest.mark.parametrize(
    "address",
    [
        "http://portal.example",
        "http://10.0.0.7:8000",
        "http://localhost.evil.example",
        "http://127.0.0.1.evil.example",
        "http://user@localhost@evil.example",
        "portal.example",
        "//portal.example",
        "ftp://portal.example",
        "javascript:alert(1)",
        "https://",
    ],
)
def test_an_address_that_is_not_encrypted_is_refused(name: str, address: str) -> None:
    """Tokens and sessions never travel in the clear, but on the own machine."""
    assert f"{name}: Value error, must be an https address" in refused(**{name: address})


@pytest.mark.parametrize("address", ["http://localhost:8000", "http://127.0.0.1:8100/b2b", "http://[::1]:9"])
def test_plain_http_is_for_this_machine(address: str) -> None:
    assert read_settings({**COMPLETE, "BC_API_URL": address}).bc_api_url == address


def test_an_address_has_no_slash_at_its_end() -> None:
    settings = read_settings(
        {**COMPLETE, "PUBLIC_URL": "https://portal.example/", "B2B_API_URL": "https://x.example/b2b/"}
    )

    assert (settings.public_url, settings.b2b_api_url) == ("https://portal.example", "https://x.example/b2b")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("DATABASE_URL", "mysql://db/portal", "postgresql://"),
        ("DATABASE_OWNER_URL", "portal", "postgresql://"),
        ("REDIS_URL", "http://redis", "redis://"),
        ("MAIL_URL", "mail.example:25", "smtp://"),
        ("BC_CLIENT_SECRET", "short", "16"),
        ("ENCRYPTION_KEYS", "no-colon", "keyid:fernetkey"),
        ("ENCRYPTION_KEYS", "one:not-a-fernet-key", "32 url-safe base64"),
        ("ENCRYPTION_KEYS", ",", "names no key"),
        ("SWEEP_SECONDS", "0", "greater than 0"),
        ("SWEEP_SECONDS", "soon", "number"),
    ],
)
def test_what_cannot_work_is_refused_at_the_start(name: str, value: str, words: str) -> None:
    assert f"{name}: " in refused(**{name: value})
    assert words in refused(**{name: value})


@pytest.mark.parametrize("name", ["DATABASE_URL", "BC_CLIENT_SECRET", "ENCRYPTION_KEYS", "REDIS_URL"])
def test_no_secret_is_repeated_in_a_refusal(name: str) -> None:
    """T-31, T-37: what goes to the log says what is wrong, not what was there."""
    assert "hunter2" not in refused(**{name: "hunter2", "PUBLIC_URL": "http://hunter2.example"})


def test_the_host_header_must_be_our_own_unless_others_are_named() -> None:
    """T-38."""
    alone = read_settings({**COMPLETE, "PUBLIC_URL": "https://portal.example:8443"})
    more = read_settings({**COMPLETE, "TRUSTED_HOSTS": "internal.example  10.0.0.7"})

    assert alone.hosts == ["portal.example"]
    assert alone.public_origin == "https://portal.example:8443"
    assert more.hosts == ["portal.example", "internal.example", "10.0.0.7"]


def test_every_variable_is_explained_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text()

    assert [name for name in Settings.model_fields if f"`{name.upper()}`" not in readme] == []
