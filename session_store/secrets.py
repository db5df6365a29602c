"""Secrets sealed at rest, so that a copied row or a copied database opens nothing (security §3)."""

from __future__ import annotations

import base64
import binascii
import os
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_KEY_BYTES = 32
_NONCE_BYTES = 12
_FORMAT = 1


class KeyringError(Exception):
    """The master keys cannot be used, or a sealed value does not open with them; says what to do."""


class Keyring:
    """Master keys by id: the first one seals, all of them open what they once sealed.

    Values are sealed by AES-256-GCM under a key derived from the master key for one agreement (HKDF-SHA256),
    so that an agreement's values never open as another's. A sealed value is one format byte, the length of
    the key id, the key id, 12 bytes of nonce, and the ciphertext with its tag.
    """

    def __init__(self, keys: dict[str, bytes]) -> None:
        """Keep the keys in order; KeyringError when there are none or one is shorter than 32 bytes."""
        if not keys:
            raise KeyringError("no master key: PUNCHOUT_MASTER_KEYS wants id:base64, the active one first")
        for key_id, key in keys.items():
            if len(key) < _KEY_BYTES or not 0 < len(key_id.encode()) < 256:
                raise KeyringError(
                    f"master key {key_id!r}: give {_KEY_BYTES} bytes as base64, under a short id"
                )
        self._keys = keys
        self._active = next(iter(keys))
        self._cipher = lru_cache(maxsize=4096)(self._derive)
        self._purposes = lru_cache(maxsize=16)(self._derive_for)

    @classmethod
    def from_text(cls, text: str) -> Keyring:
        """The keyring that ``id:base64,id:base64`` describes, first id active; else KeyringError."""
        return cls(dict(_read_key(part.strip()) for part in text.split(",") if part.strip()))

    @classmethod
    def from_file(cls, path: Path) -> Keyring:
        """The keyring in the file, made with one new key and mode 0600 when there is none."""
        if not path.exists():
            _write_new(path)
        if path.stat().st_mode & 0o077:
            raise KeyringError(f"{path}: others may read the master keys; chmod 600 it")
        return cls.from_text(path.read_text(encoding="ascii").replace("\n", ","))

    def seal(self, plain: bytes, aad: str, agreement_id: str) -> bytes:
        """The value, to be opened for this agreement only, with the same words of where it belongs (aad)."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._cipher(self._active, agreement_id).encrypt(nonce, plain, aad.encode())
        key_id = self._active.encode()
        return bytes((_FORMAT, len(key_id))) + key_id + nonce + sealed

    def open(self, sealed: bytes, aad: str, agreement_id: str) -> bytes:
        """The value again; KeyringError for another place, another agreement, or a missing master key."""
        end = 2 + sealed[1]
        key_id = sealed[2:end].decode()
        if key_id not in self._keys:
            raise KeyringError(f"sealed with master key {key_id!r}, which is not in PUNCHOUT_MASTER_KEYS")
        nonce, body = sealed[end : end + _NONCE_BYTES], sealed[end + _NONCE_BYTES :]
        try:
            return self._cipher(key_id, agreement_id).decrypt(nonce, body, aad.encode())
        except InvalidTag as error:
            raise KeyringError(
                f"a sealed value of agreement {agreement_id!r} does not belong here"
            ) from error

    def derived(self, purpose: str) -> tuple[bytes, ...]:
        """A key of 32 bytes for this purpose from each master key, the active one's first (HKDF-SHA256).

        Sign with the first and accept any, so that what was signed survives a change of master keys.
        """
        return self._purposes(purpose)

    @staticmethod
    def unguessable() -> str:
        """256 bits of chance as text: a secret that nobody knows."""
        return base64.urlsafe_b64encode(os.urandom(_KEY_BYTES)).decode()

    def _derive_for(self, purpose: str) -> tuple[bytes, ...]:
        info = f"punchout {purpose}".encode()
        keys = self._keys.values()
        return tuple(HKDF(SHA256(), _KEY_BYTES, salt=None, info=info).derive(key) for key in keys)

    def _derive(self, key_id: str, agreement_id: str) -> AESGCM:
        info = f"punchout agreement {agreement_id}".encode()
        return AESGCM(HKDF(SHA256(), _KEY_BYTES, salt=None, info=info).derive(self._keys[key_id]))


def aad(*parts: object) -> str:
    """The parts joined by ``|``, which inside a part is written ``%7C``: no two lists give the same text.

    >>> aad("testby", "networkid", "an|01", 2)
    'testby|networkid|an%7C01|2'
    """
    return "|".join(str(part).replace("%", "%25").replace("|", "%7C") for part in parts)


def _read_key(text: str) -> tuple[str, bytes]:
    key_id, colon, encoded = text.partition(":")
    try:
        key = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        colon = ""
    if not colon:  # what stands there may be the key itself
        raise KeyringError("a master key is not written as id:base64, the active one first")
    return key_id, key


def _write_new(path: Path) -> None:
    """Nothing: a file with one key is there, whole from the start, ours or that of whoever was faster."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.urandom(4).hex()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(f"k1:{base64.b64encode(os.urandom(_KEY_BYTES)).decode()}\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # another process was first; its key counts
    finally:
        draft.unlink()
