"""Who takes letters, as the settings name them: the mail server, the print tray, GOV.UK Notify."""

from __future__ import annotations

from collections.abc import Mapping

from connection.settings import Settings
from domain.application import Means
from post.carrier import Carrier, by_default
from post.mail import Mailer
from post.notify import Notify, NotifyEmail, NotifyPost, NotifyText

_MAIL_TIMEOUT = 20.0


def mailer(settings: Settings) -> Mailer:
    """The council's mail server as the settings name it."""
    return Mailer(
        host=settings.smtp_host,
        port=settings.smtp_port,
        username=settings.smtp_username,
        password=settings.smtp_password.get_secret_value() if settings.smtp_password else None,
        starttls=settings.smtp_starttls,
        timeout=_MAIL_TIMEOUT,
        sender=str(settings.mail_from),
    )


def notify(settings: Settings) -> Notify | None:
    """GOV.UK Notify as the settings name it. Raises Misconfigured where its client is not installed."""
    key = settings.notify_key
    return Notify(key.get_secret_value(), settings.notify_url) if key else None


def carriers(settings: Settings) -> Mapping[Means, Carrier]:
    """Who takes the letters of each way: the mail server and the print tray, or GOV.UK Notify for either; text
    messages only by Notify."""
    chosen, service = dict(by_default(mailer(settings))), notify(settings)
    if service and settings.notify_email_template:
        chosen[Means.EMAIL] = NotifyEmail(service, str(settings.notify_email_template))
    if service and settings.notify_letters:
        chosen[Means.POST] = NotifyPost(service)
    if service and settings.sends_texts:
        chosen[Means.TEXT] = NotifyText(service, str(settings.notify_text_template))
    return chosen
