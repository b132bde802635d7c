"""What an installation may set by environment variable, each with a default that works on one machine."""

import ipaddress
import os
import re
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import unquote, urlsplit
from uuid import UUID

from pydantic import (
    AliasChoices,
    EmailStr,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

from connection.held_ring import HeldRing, held

PREFIX = "CASEREVIEW_"
_UNPREFIXED = frozenset({"DATABASE_URL", "FORWARDED_ALLOW_IPS"})
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_ID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_VERSION = r"^[A-Za-z0-9._+-]{0,200}$"
_NOTIFY_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,200}")
_NOTIFY_KEY = re.compile(rf".+-{_ID}-{_ID}")
Port = Annotated[int, Field(ge=0, le=65535)]
Proxies = tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]
"""The networks of the proxies whose word for an asker's address is taken."""
ANY_PROXY: Proxies = (ipaddress.ip_network("0.0.0.0/0"), ipaddress.ip_network("::/0"))
_THIS_MACHINE: Proxies = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128"))


class SettingsError(ValueError):
    """A setting that cannot be used; the text names its variable."""


def _default_home() -> Path:
    data = os.environ.get("XDG_DATA_HOME")
    base = Path(data) if data and Path(data).is_absolute() else Path.home() / ".local" / "share"
    return base / "casereview"


class Settings(BaseSettings):
    """The installation's settings; every field is the variable `CASEREVIEW_<FIELD>`.

    Ports are TCP ports on loopback; 0 means any free one. `database_url` is also read from `DATABASE_URL`.
    Temporal's own address, namespace and credentials come from `temporalio.envconfig`, not from here;
    `temporal_port` is where `casereview up` puts the local server. `console_url` is the console's address as browsers
    reach it, when a proxy stands before it: with https its cookies are sent over nothing else. `forwarded_allow_ips`,
    the variable `FORWARDED_ALLOW_IPS`, names the proxies. `public_url` is where
    applicants, agencies, chairs and appeal bodies reach it, if that is another; without either, letters carry no link.
    `link_days` is how long a link opens after it was last printed, `link_days_after_end` how long after a case's end.
    `temporal_ui` is where operations staff find the Temporal UI. `worker_version` makes a worker that version of a
    deployment that has the task queue's name; with `hold_changes` it takes no case the new way at a changed place of
    the story, so that the release before can be gone back to. The `oidc_` ones name the provider staff sign in with;
    `local_accounts` says
    whether passwords of this service's own are taken beside it, `second_factor` whether whoever has one must
    sign in with an app's codes too. `metrics_port` is where the console serves its figures for Prometheus and
    `temporal_metrics_port` where a worker or console serves those of the SDK, both on `metrics_host` and only where
    they are set; `logs` is the form in which both log.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid", populate_by_name=True)

    home: Path = Field(default_factory=_default_home)
    database_url: str = Field(
        default="", validation_alias=AliasChoices("CASEREVIEW_DATABASE_URL", "DATABASE_URL", "database_url")
    )
    documents: Path | None = None
    clamd: str = ""
    largest_file: int = Field(default=150, ge=1, le=1_000)
    keys: SecretStr | None = None
    smtp_host: str = Field(default="localhost", min_length=1)
    smtp_port: Port = 1025
    smtp_username: str | None = None
    smtp_password: SecretStr | None = None
    smtp_starttls: bool = False
    mail_from: EmailStr = "asb-case-review@example.org"
    bounces: str = ""
    bounces_password: SecretStr | None = None
    notify_key: SecretStr | None = None
    notify_url: str = "https://api.notifications.service.gov.uk"
    notify_email_template: UUID | None = None
    notify_text_template: UUID | None = None
    notify_letters: bool = False
    notify_callback_token: SecretStr | None = None
    task_queue: str = Field(default="case-review", min_length=1)
    worker_version: str = Field(default="", pattern=_VERSION)
    hold_changes: bool = False
    namespace: str = Field(default="default", min_length=1)
    temporal_port: Port = 7233
    ui_port: Port = 8233
    codec_port: Port = 8234
    inbox_smtp_port: Port = 1025
    inbox_port: Port = 8025
    console_host: str = Field(default="127.0.0.1", min_length=1)
    console_port: Port = 8000
    console_url: str = ""
    public_url: str = ""
    forwarded_allow_ips: str = Field(
        default="", validation_alias=AliasChoices("FORWARDED_ALLOW_IPS", "forwarded_allow_ips")
    )
    link_days: int = Field(default=180, ge=1, le=1000)
    link_days_after_end: int = Field(default=90, ge=0, le=1000)
    temporal_ui: str = ""
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr | None = None
    oidc_client_secret_file: Path | None = None
    oidc_scopes: str = "openid profile email"
    oidc_name: str = Field(default="your council’s account", min_length=1)
    oidc_roles: Path | None = None
    local_accounts: bool = True
    second_factor: Literal["optional", "required"] = "optional"
    temporal_bin: Path | None = None
    metrics_host: str = Field(default="127.0.0.1", min_length=1)
    metrics_port: Port | None = None
    temporal_metrics_port: Port | None = None
    logs: Literal["plain", "json"] = "plain"

    @classmethod
    def load(cls, **given: Any) -> Self:
        """Settings from the environment, but those `given`; raises `SettingsError` with one sentence.

        What the environment does not have is read from the folder that `CASEREVIEW_SECRETS` names, where it has a file
        such as `casereview_smtp_password`.
        """
        secrets = os.environ.get(f"{PREFIX}SECRETS") or None
        if secrets and not Path(secrets).is_dir():
            raise SettingsError(f"{PREFIX}SECRETS: {secrets} is no folder; name the one with the files of secrets.")
        try:
            return cls(_secrets_dir=secrets, **given)
        except OSError as error:
            raise SettingsError(
                f"{PREFIX}SECRETS: {error.filename} cannot be read ({error.strerror}); let this account read it."
            ) from None
        except ValidationError as error:
            raise SettingsError(_sentence(error)) from None

    @field_validator("home")
    @classmethod
    def _absolute(cls, home: Path) -> Path:
        return home.expanduser().absolute()

    @field_validator("database_url")
    @classmethod
    def _url(cls, url: str) -> str:
        if url and "://" not in url:
            raise ValueError("must be a database URL such as postgresql://user@host/casereview")
        return url

    @field_validator("clamd")
    @classmethod
    def _scanner(cls, place: str) -> str:
        host, colon, port = place.rpartition(":")
        named = host and colon and port.isascii() and port.isdecimal() and 0 < int(port) < 65536
        if place and not named and not place.startswith("/"):
            raise ValueError("must be host:port of a ClamAV daemon, or the path of its socket")
        return place

    @field_validator("bounces")
    @classmethod
    def _mailbox(cls, place: str) -> str:
        if "://" not in place:
            return str(Path(place).expanduser().absolute()) if place else ""
        parts = urlsplit(place)
        if parts.scheme != "imaps" or not parts.hostname or not parts.username or parts.password is not None:
            raise ValueError("must be the path of a Maildir, or imaps://user@host/FOLDER with no password in it")
        if not unquote(parts.path).isascii():
            raise ValueError("must name a folder in plain letters, such as imaps://user@host/INBOX")
        return place

    @field_validator("console_url", "public_url", "temporal_ui")
    @classmethod
    def _address(cls, url: str) -> str:
        if url and not url.startswith(("http://", "https://")):
            raise ValueError("must be an address such as https://asb.example.gov.uk")
        return url.rstrip("/")

    @field_validator("forwarded_allow_ips")
    @classmethod
    def _networks(cls, named: str) -> str:
        try:
            _proxies(named)
        except ValueError:
            raise ValueError(
                "must be addresses or networks of proxies, such as 10.1.2.3 or 10.1.2.0/24, with commas between them; "
                "or * where the one that connects is the only proxy"
            ) from None
        return named

    @model_validator(mode="after")
    def _console_is_named(self) -> Self:
        if self.console_host not in ("127.0.0.1", "::1", "localhost") and not self.console_url:
            raise ValueError(
                "CASEREVIEW_CONSOLE_HOST lets other machines in, so set CASEREVIEW_CONSOLE_URL to the address they use"
            )
        return self

    @field_validator("oidc_issuer")
    @classmethod
    def _issuer(cls, url: str) -> str:
        parts = urlsplit(url)
        if url and parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
            raise ValueError("must begin with https://, because it says who somebody is")
        return url

    @field_validator("metrics_port", "temporal_metrics_port", mode="before")
    @classmethod
    def _no_port(cls, port: object) -> object:
        return None if port == "" else port

    @field_validator(
        "smtp_password",
        "bounces_password",
        "oidc_client_secret",
        "oidc_client_secret_file",
        "oidc_roles",
        mode="before",
    )
    @classmethod
    def _left_empty(cls, value: object) -> object:
        return value or None

    @field_validator("oidc_scopes")
    @classmethod
    def _openid(cls, scopes: str) -> str:
        if "openid" not in scopes.split():
            raise ValueError("must have openid among its scopes, such as openid profile email")
        return scopes

    @model_validator(mode="after")
    def _provider_is_whole(self) -> Self:
        if self.oidc_issuer and not (self.oidc_client_id and self.oidc_roles):
            raise ValueError(
                "CASEREVIEW_OIDC_ISSUER is set, so set CASEREVIEW_OIDC_CLIENT_ID and CASEREVIEW_OIDC_ROLES too"
            )
        if self.oidc_client_secret and self.oidc_client_secret_file:
            raise ValueError("CASEREVIEW_OIDC_CLIENT_SECRET and CASEREVIEW_OIDC_CLIENT_SECRET_FILE are set; keep one")
        if not self.local_accounts and not self.oidc_issuer:
            raise ValueError("CASEREVIEW_LOCAL_ACCOUNTS=no leaves nobody a way in; set CASEREVIEW_OIDC_ISSUER")
        return self

    @field_validator("notify_key")
    @classmethod
    def _key(cls, key: SecretStr | None) -> SecretStr | None:
        if key is not None and not key.get_secret_value():
            return None
        if key is not None and not _NOTIFY_KEY.fullmatch(key.get_secret_value()):
            raise ValueError("must be a key as GOV.UK Notify shows it: a name and two ids, joined by hyphens")
        return key

    @field_validator("notify_callback_token")
    @classmethod
    def _token(cls, token: SecretStr | None) -> SecretStr | None:
        given = token.get_secret_value() if token else ""
        if given and not _NOTIFY_TOKEN.fullmatch(given):
            raise ValueError("must be 20 to 200 letters, figures, hyphens and underscores that nobody can guess")
        return token if given else None

    @field_validator("notify_url")
    @classmethod
    def _service(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
            raise ValueError("must begin with https://, because letters and the key travel there")
        return url

    @field_validator("notify_email_template", "notify_text_template", mode="before")
    @classmethod
    def _no_template(cls, template: object) -> object:
        return template or None

    @model_validator(mode="after")
    def _notify_has_work(self) -> Self:
        texts = self.notify_text_template is not None
        uses = self.notify_email_template is not None or texts or self.notify_letters
        if uses and self.notify_key is None:
            raise ValueError("CASEREVIEW_NOTIFY_KEY is not set; letters cannot go by GOV.UK Notify without it")
        if self.notify_key is not None and not uses:
            raise ValueError(
                "CASEREVIEW_NOTIFY_KEY is set and nothing goes by it; set CASEREVIEW_NOTIFY_EMAIL_TEMPLATE, "
                "CASEREVIEW_NOTIFY_TEXT_TEMPLATE or CASEREVIEW_NOTIFY_LETTERS=true, or several of them"
            )
        if texts and not self.public_address:
            raise ValueError(
                "CASEREVIEW_NOTIFY_TEXT_TEMPLATE is set and a text message has no link to give; "
                "set CASEREVIEW_PUBLIC_URL to the address applicants reach"
            )
        return self

    @model_validator(mode="after")
    def _password_has_user(self) -> Self:
        if self.smtp_password is not None and not self.smtp_username:
            raise ValueError("CASEREVIEW_SMTP_PASSWORD is set without CASEREVIEW_SMTP_USERNAME; set both or neither")
        return self

    @property
    def register_url(self) -> str:
        """`database_url`, or SQLite in `register.db` under `home`."""
        return self.database_url or f"sqlite:///{self.home / 'register.db'}"

    @property
    def public_address(self) -> str:
        """Where links lead, without a slash at its end; empty where nobody said."""
        return self.public_url or self.console_url

    @property
    def proxies(self) -> Proxies:
        """Whose word for an asker's address is taken: those named; else, where the console has an address of its own
        before it, a proxy on this machine; else nobody's."""
        return _proxies(self.forwarded_allow_ips) or (_THIS_MACHINE if self.console_url else ())

    @property
    def sends_texts(self) -> bool:
        """Whether news of letters goes by text message."""
        return self.notify_text_template is not None

    @property
    def mail_domain(self) -> str:
        """The domain that Message-IDs are made under."""
        return str(self.mail_from).partition("@")[2]

    @property
    def largest_file_bytes(self) -> int:
        """Bytes of the largest file that is taken."""
        return self.largest_file * 1_000_000

    @property
    def documents_path(self) -> Path:
        """Where documents' bytes lie: `documents`, or the folder of that name under `home`."""
        return self.documents.expanduser().absolute() if self.documents else self.home / "documents"

    @property
    def keys_path(self) -> Path:
        """Where the key ring lives when `CASEREVIEW_KEYS` is not set."""
        return self.home / "keys.json"

    @property
    def temporal_db(self) -> Path:
        """SQLite file of the local Temporal server."""
        return self.home / "temporal.db"

    @property
    def temporal_log(self) -> Path:
        """Log file of the local Temporal server."""
        return self.home / "temporal.log"

    @property
    def oidc_secret(self) -> str:
        """The client secret, empty for a client that has none. Raises SettingsError."""
        if self.oidc_client_secret_file:
            try:
                return self.oidc_client_secret_file.read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError):
                raise SettingsError(
                    f"CASEREVIEW_OIDC_CLIENT_SECRET_FILE: {self.oidc_client_secret_file} cannot be read."
                ) from None
        return self.oidc_client_secret.get_secret_value() if self.oidc_client_secret else ""

    @property
    def codec_endpoint(self) -> str:
        """Where the Temporal UI on this machine finds the codec server."""
        return f"http://localhost:{self.codec_port}"

    def key_ring(self) -> HeldRing:
        """The one ring of this process: that in `CASEREVIEW_KEYS`, else in the file at `keys_path`."""
        return held(self.keys.get_secret_value() if self.keys is not None else self.keys_path)


def _proxies(named: str) -> Proxies:
    """Raises ValueError."""
    if named.strip() == "*":
        return ANY_PROXY
    return tuple(ipaddress.ip_network(part.strip(), strict=False) for part in named.split(",") if part.strip())


def _sentence(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    reason = first["msg"].removeprefix("Value error, ").rstrip(".")
    if not first["loc"]:
        return f"{reason}."
    field = str(first["loc"][0])
    variable = f"{PREFIX}{field.upper().removeprefix(PREFIX)}"
    if variable not in os.environ and field.upper().removeprefix(PREFIX) in _UNPREFIXED:
        variable = variable.removeprefix(PREFIX)
    return f"{variable} cannot be used: {reason[0].lower()}{reason[1:]}."
