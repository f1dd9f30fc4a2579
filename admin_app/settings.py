"""The environment, read and checked once."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from adapters.sql.vault import Vault

BIGCOMMERCE_FRAMES = "https://*.mybigcommerce.com https://*.bigcommerce.com"


class SettingsInvalid(Exception):
    """The environment is incomplete or wrong; `str()` names each variable and what to do."""


class Settings(BaseModel):
    """Field names are the environment variables in lower case; see README for what each means."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    database_url: Annotated[str, Field(min_length=1)]
    redis_url: Annotated[str, Field(min_length=1)]
    public_url: Annotated[str, Field(min_length=1)]
    bc_client_id: Annotated[str, Field(min_length=1)]
    bc_client_secret: Annotated[str, Field(min_length=16)]
    encryption_keys: Annotated[str, Field(min_length=1)]
    database_owner_url: str = ""
    bc_api_url: str = "https://api.bigcommerce.com"
    bc_login_url: str = "https://login.bigcommerce.com"
    b2b_api_url: str = "https://api-b2b.bigcommerce.com"
    frame_ancestors: str = BIGCOMMERCE_FRAMES
    mail_url: str = ""
    trusted_hosts: str = ""
    scripts_dir: str = "var/scripts"
    sweep_seconds: Annotated[float, Field(gt=0)] = 300.0

    @field_validator("public_url", "bc_api_url", "bc_login_url", "b2b_api_url")
    @classmethod
    def _address(cls, value: str) -> str:
        """An origin, perhaps with a path; plain http only on loopback."""
        parts = urlsplit(value)
        loopback = parts.hostname in ("localhost", "127.0.0.1", "::1")
        if not parts.hostname or (parts.scheme != "https" and not (parts.scheme == "http" and loopback)):
            raise ValueError("must be an https address")
        return value.rstrip("/")

    @field_validator("database_url", "database_owner_url")
    @classmethod
    def _database(cls, value: str) -> str:
        return _with_scheme(value, "postgresql", "postgres")

    @field_validator("redis_url")
    @classmethod
    def _redis(cls, value: str) -> str:
        return _with_scheme(value, "redis", "rediss", "unix")

    @field_validator("mail_url")
    @classmethod
    def _mail(cls, value: str) -> str:
        return _with_scheme(value, "smtp")

    @field_validator("encryption_keys")
    @classmethod
    def _keys(cls, value: str) -> str:
        Vault.parse(value)
        return value

    @property
    def public_host(self) -> str:
        return urlsplit(self.public_url).hostname or "localhost"

    @property
    def public_origin(self) -> str:
        parts = urlsplit(self.public_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def hosts(self) -> list[str]:
        """Host headers we answer to (T-38)."""
        extra = self.trusted_hosts.split()
        return [self.public_host, *extra]

    @property
    def script_folder(self) -> Path:
        return Path(self.scripts_dir)


def _with_scheme(value: str, *schemes: str) -> str:
    """The address as it is; none at all is for the field to allow."""
    if value and urlsplit(value).scheme not in schemes:
        raise ValueError(f"must begin with {' or '.join(f'{scheme}://' for scheme in schemes)}")
    return value


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Raises SettingsInvalid."""
    values = {name: environment[name.upper()] for name in Settings.model_fields if name.upper() in environment}
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        rows = [f"{str(one['loc'][0]).upper()}: {one['msg']}" for one in error.errors()]
        raise SettingsInvalid("Set these environment variables (README):\n  " + "\n  ".join(rows)) from None
