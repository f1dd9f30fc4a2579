"""The storefront script as published: the newest build, and the bytes of the versions stores still load."""

import hashlib
from functools import cached_property
from pathlib import Path
from typing import Final

from domain.ports import ScriptFile
from storefront_scripts.bundle import Script, build

VERSIONS_SERVED: Final = 5


class PublishedScripts:
    """A folder with one file per version; the name holds the digest, so bytes at a name never change (T-34)."""

    def __init__(self, folder: Path, public_url: str, client_id: str) -> None:
        self._folder = folder
        self._public_url = public_url
        self._client_id = client_id

    @cached_property
    def _built(self) -> Script:
        script = build(self._client_id)
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / script.name
        if not path.exists():
            draft = path.with_suffix(".new")
            draft.write_bytes(script.bytes)
            draft.replace(path)
        newest = sorted(self._folder.glob("portal.*.js"), key=lambda one: one.stat().st_mtime, reverse=True)
        for old in newest[VERSIONS_SERVED:]:
            old.unlink(missing_ok=True)
        return script

    def current(self) -> ScriptFile:
        """What stores should load now."""
        return ScriptFile(f"{self._public_url}/s/{self._built.name}", self._built.sri)

    def find(self, name: str) -> bytes | None:
        """The bytes of a version we still serve."""
        if name == self._built.name:
            return self._built.bytes
        known = {path.name: path for path in self._folder.glob("portal.*.js")}
        return known[name].read_bytes() if name in known else None

    @staticmethod
    def flash_key(encryption_keys: str) -> bytes:
        """Signs the short messages shown after a redirect; sessions themselves live in the database."""
        return hashlib.sha256(b"flash:" + encryption_keys.encode()).digest()
