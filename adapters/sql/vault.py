"""Secrets at rest: encrypted with the first key of ENCRYPTION_KEYS, read with whichever key wrote them (T-31)."""

from collections.abc import Mapping

from cryptography.fernet import Fernet, InvalidToken


class SecretUnreadable(Exception):
    """A stored secret cannot be decrypted: its key is not configured any more, or the row was tampered with."""


class Vault:
    """Encrypts and decrypts. `purpose` is sealed into the value, so that one row's secret is no use in another."""

    def __init__(self, keys: Mapping[str, str]) -> None:
        if not keys:
            raise ValueError("ENCRYPTION_KEYS names no key.")
        self._fernets = {key_id: Fernet(key) for key_id, key in keys.items()}
        self._current = next(iter(self._fernets))

    @classmethod
    def parse(cls, text: str) -> "Vault":
        """Reads `keyid:fernetkey,keyid2:fernetkey2`; the first one encrypts. Raises ValueError."""
        keys: dict[str, str] = {}
        for part in filter(None, (part.strip() for part in text.split(","))):
            key_id, colon, key = part.partition(":")
            if not colon or not key_id or key_id in keys:
                raise ValueError("ENCRYPTION_KEYS has the form keyid:fernetkey,keyid2:fernetkey2.")
            keys[key_id] = key
        return cls(keys)

    @property
    def current_key_id(self) -> str:
        return self._current

    def encrypt(self, value: str, purpose: str) -> tuple[str, str]:
        """Key id and ciphertext."""
        token = self._fernets[self._current].encrypt(f"{purpose}\n{value}".encode())
        return self._current, token.decode()

    def decrypt(self, key_id: str, ciphertext: str, purpose: str) -> str:
        """Raises SecretUnreadable."""
        fernet = self._fernets.get(key_id)
        if fernet is None:
            raise SecretUnreadable(f"The encryption key {key_id} is not configured.")
        try:
            sealed, _, value = fernet.decrypt(ciphertext.encode()).decode().partition("\n")
        except InvalidToken:
            raise SecretUnreadable(f"A secret does not match the encryption key {key_id}.") from None
        if sealed != purpose:
            raise SecretUnreadable(f"A secret made for {sealed} was found in the place of {purpose}.")
        return value
