"""The keys that encrypt what Temporal stores: one active, older ones kept for reading."""

import base64
import binascii
import json
import os
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Protocol, Self

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
_FINGERPRINT_BYTES = 16
_FINGERPRINT = b"casereview key fingerprint v1\x00"


class KeyRingError(ValueError):
    """A key ring that cannot be used; the text says which part is wrong and how to mend it."""


class NoKeyFile(KeyRingError):
    """There is no key file at `path`."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"There is no key file at {path}; restore it from the backup of your keys.")


class UnknownKey(LookupError):
    """A payload names a key id that is not in the ring."""

    def __init__(self, key_id: str) -> None:
        self.key_id = key_id
        super().__init__(
            f"Key {key_id!r} is not in the key ring; "
            "add the key with that id to keys.json or CASEREVIEW_KEYS to read what it encrypted."
        )


class Keys(Protocol):
    """What encrypts and signs asks for: the id of the key that is active now, and any key by its id."""

    @property
    def active(self) -> str: ...

    def key(self, key_id: str) -> bytes:
        """The 32 bytes of `key_id`; raises `UnknownKey`."""
        ...


@dataclass(frozen=True)
class KeyRing:
    """AES-256 keys by id; `active` encrypts, every key decrypts.

    On file and in `CASEREVIEW_KEYS`: `{"active": "k1", "keys": {"k1": "<base64 of 32 bytes>"}}`.
    """

    active: str
    keys: Mapping[str, bytes] = field(repr=False)

    def __post_init__(self) -> None:
        for key_id, key in self.keys.items():
            if not key_id or not key_id.isascii() or not key_id.isprintable():
                raise KeyRingError(f"Key id {key_id!r} is not usable; give it an id of printable ASCII characters.")
            if len(key) != KEY_BYTES:
                raise KeyRingError(f"Key {key_id!r} has {len(key)} bytes; give it exactly {KEY_BYTES}.")
        if self.active not in self.keys:
            raise KeyRingError(
                f"The active key {self.active!r} is not among the keys; add it or name another as active."
            )
        object.__setattr__(self, "keys", MappingProxyType(dict(self.keys)))

    @classmethod
    def fresh(cls) -> Self:
        """A ring with one new random key."""
        key_id = _new_id()
        return cls(active=key_id, keys={key_id: secrets.token_bytes(KEY_BYTES)})

    @classmethod
    def load(cls, path: Path) -> Self:
        """The ring in the file at `path`.

        Raises `NoKeyFile`, and `KeyRingError` where it is unreadable, malformed or readable by other accounts.
        """
        try:
            with path.open("rb") as file:
                mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
                text = file.read()
        except FileNotFoundError:
            raise NoKeyFile(path) from None
        except OSError as error:
            raise KeyRingError(
                f"The key file {path} cannot be read ({error.strerror}); let this account read it."
            ) from None
        if mode & 0o077:
            raise KeyRingError(f"The key file {path} can be read by other accounts; run `chmod 600 {path}`.")
        return cls._parse(text, f"The key file {path}")

    @classmethod
    def make(cls, path: Path) -> Self:
        """A new ring at `path`, or the one that another process has put there first."""
        cls.fresh()._write(path, replace=False)
        return cls.load(path)

    @classmethod
    def from_env(cls, value: str) -> Self:
        """The ring written in the environment variable `CASEREVIEW_KEYS`, as in the file.

        Raises `KeyRingError` where it is malformed.
        """
        return cls._parse(value.encode(), "CASEREVIEW_KEYS")

    def key(self, key_id: str) -> bytes:
        """The 32 bytes of `key_id`; raises `UnknownKey`."""
        try:
            return self.keys[key_id]
        except KeyError:
            raise UnknownKey(key_id) from None

    @property
    def fingerprints(self) -> Mapping[str, str]:
        """What tells each key from any other, by its id, and helps nobody to find it (HKDF-SHA256, 128 bits)."""
        return {key_id: _fingerprint(key_id, key) for key_id, key in self.keys.items()}

    def rotate(self) -> "KeyRing":
        """A ring with a new active key and every old key kept for reading."""
        offered = self.offering()
        return offered.activated(next(key_id for key_id in offered.keys if key_id not in self.keys))

    def offering(self) -> "KeyRing":
        """A ring with a new key for reading, the last of its keys; the active one stays."""
        return KeyRing(active=self.active, keys={**self.keys, _new_id(): secrets.token_bytes(KEY_BYTES)})

    def activated(self, key_id: str) -> "KeyRing":
        """A ring with the same keys and that one active."""
        return KeyRing(active=key_id, keys=self.keys)

    def without(self, key_id: str) -> "KeyRing":
        """A ring without that key, which is not the active one."""
        return KeyRing(active=self.active, keys={known: key for known, key in self.keys.items() if known != key_id})

    def save(self, path: Path) -> None:
        """Put this ring at `path` in one step, readable by this account only."""
        self._write(path, replace=True)

    def to_json(self) -> str:
        """The ring as the file and `CASEREVIEW_KEYS` hold it; secret."""
        keys = {key_id: base64.b64encode(key).decode() for key_id, key in self.keys.items()}
        return json.dumps({"active": self.active, "keys": keys}, indent=2) + "\n"

    @classmethod
    def _parse(cls, text: bytes, what: str) -> Self:
        try:
            document = json.loads(text)
        except ValueError:
            raise KeyRingError(
                f'{what} is not JSON; write {{"active": "k1", "keys": {{"k1": "base64 of 32 bytes"}}}}.'
            ) from None
        match document:
            case {"active": str(active), "keys": dict(encoded)} if len(document) == 2:
                return cls(
                    active=active,
                    keys={key_id: _decode(key_id, key, what) for key_id, key in encoded.items()},
                )
        raise KeyRingError(f'{what} must hold exactly "active", a key id, and "keys", an object of key ids to base64.')

    def _write(self, path: Path, *, replace: bool) -> None:
        part = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        try:
            if not path.parent.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                path.parent.chmod(0o700)
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            try:
                with os.fdopen(descriptor, "w", encoding="ascii") as file:
                    file.write(self.to_json())
                    file.flush()
                    os.fsync(file.fileno())
                if replace:
                    os.replace(part, path)
                else:
                    _link_unless_there(part, path)
            finally:
                part.unlink(missing_ok=True)
            _sync_directory(path.parent)
        except OSError as error:
            raise KeyRingError(
                f"The key file {path} cannot be written ({error.strerror}); let this account write there."
            ) from None


def _fingerprint(key_id: str, key: bytes) -> str:
    info = _FINGERPRINT + key_id.encode("ascii")
    return HKDF(algorithm=hashes.SHA256(), length=_FINGERPRINT_BYTES, salt=None, info=info).derive(key).hex()


def _new_id() -> str:
    return f"k-{secrets.token_hex(6)}"


def _decode(key_id: str, key: object, what: str) -> bytes:
    try:
        return base64.b64decode(key, validate=True) if isinstance(key, str) else _not_text()
    except (ValueError, binascii.Error):
        raise KeyRingError(f"{what} has a key {key_id!r} that is not base64; encode its 32 bytes as base64.") from None


def _not_text() -> bytes:
    raise ValueError


def _link_unless_there(part: Path, path: Path) -> None:
    try:
        os.link(part, path)
    except FileExistsError:
        return


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
