"""Signing in to a mail server, and the protection of the line it needs."""

import datetime as dt
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from domain.events import LetterState
from post.mail import Mailer, Misconfigured
from tests.post.mail_server import SENDER, Hook, Office, letter, listening, mailer

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


def keeper(office: Office, password: bytes) -> Callable[..., AuthResult]:
    def authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        office.logins.append(data.login)
        return AuthResult(success=data.password == password, handled=False)

    return authenticate


async def test_a_wrong_password_names_the_setting_and_is_tried_once() -> None:
    office = Office()
    guard = {"authenticator": keeper(office, b"right"), "auth_required": True, "auth_require_tls": False}
    async with listening(office, **guard) as port:
        with pytest.raises(Misconfigured, match=r"refused our sign-in \(535\): check CASEREVIEW_SMTP_PASSWORD\.$"):
            await mailer(port, username="csu", password="wrong").send(letter(), about_to_send=Hook())
        assert office.logins == [b"csu"]
        delivery = await mailer(port, username="csu", password="right").send(letter(), about_to_send=Hook())
    assert delivery.state is LetterState.ACCEPTED


async def test_a_server_that_asks_for_a_sign_in_names_the_user_name() -> None:
    office = Office()
    guard = {"authenticator": keeper(office, b"right"), "auth_required": True, "auth_require_tls": False}
    async with listening(office, **guard) as port:
        with pytest.raises(Misconfigured, match="CASEREVIEW_SMTP_USERNAME"):
            await mailer(port).send(letter(), about_to_send=Hook())


async def test_a_server_that_takes_no_sign_in_names_the_setting() -> None:
    async with listening(Office()) as port:
        with pytest.raises(Misconfigured, match="does not offer what our sign-in needs"):
            await mailer(port, username="csu", password="x").send(letter(), about_to_send=Hook())


async def test_starttls_is_never_given_up_in_silence() -> None:
    office = Office()
    async with listening(office) as port:
        with pytest.raises(Misconfigured, match="CASEREVIEW_SMTP_STARTTLS"):
            await mailer(port, starttls=True).send(letter(), about_to_send=Hook())
    assert office.envelopes == []


def certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
        .not_valid_after(dt.datetime(2120, 1, 1, tzinfo=dt.UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, secret = folder / "cert.pem", folder / "key.pem"
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, secret)
    return context, pem


async def test_starttls_and_a_sign_in_over_it_are_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context, pem = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    office = Office()
    guard = {"authenticator": keeper(office, b"right"), "auth_required": True, "tls_context": context}
    async with listening(office, **guard) as port:
        secure = Mailer("localhost", port, "csu", "right", True, 5, SENDER)
        delivery = await secure.send(letter(), about_to_send=Hook())
    assert (delivery.state, office.secure, office.logins) == (LetterState.ACCEPTED, True, [b"csu"])


async def test_a_certificate_that_is_not_trusted_names_the_host(tmp_path: Path) -> None:
    context, _ = certificate(tmp_path)
    async with listening(Office(), tls_context=context) as port:
        with pytest.raises(Misconfigured, match=r"no certificate that we trust: check CASEREVIEW_SMTP_HOST"):
            await Mailer("localhost", port, None, None, True, 5, SENDER).send(letter(), about_to_send=Hook())


def test_a_password_does_not_cross_the_network_unprotected() -> None:
    with pytest.raises(Misconfigured, match="CASEREVIEW_SMTP_STARTTLS"):
        Mailer("mail.council.example.org", 25, "csu", "secret", False, 5, SENDER)
