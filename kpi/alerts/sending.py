"""Bringing one message to one channel: mail with both its parts, anything else through Apprise.

A channel is an Apprise address from the settings. It holds passwords, so nothing that is told of a
failure is taken from it, and Apprise's own log goes nowhere: this is the only place that knows it.
"""

from __future__ import annotations

import hashlib
import logging
import re
import smtplib
import warnings
from collections.abc import Mapping
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr, make_msgid
from typing import TYPE_CHECKING, Any

from kpi import escape
from kpi.i18n import _
from kpi.settings import Settings
from kpi.suggest import suggest

if TYPE_CHECKING:
    from apprise import NotifyBase

#: Seconds that one message may take in all, where Apprise itself sends it.
PATIENCE = 60
#: Longest reason that is kept.
_LONGEST = 200
_QUIET = re.compile(r"\S+@\S+|\b\w+://\S+")


class Undelivered(Exception):
    """A message that did not arrive; the text is a sentence without secrets.

    `again` is false where trying again would bring it to some a second time, or never help.
    """

    def __init__(self, sentence: str, *, again: bool = True) -> None:
        super().__init__(sentence)
        self.again = again


def send(
    settings: Settings,
    recipient: str,
    subject: str,
    text: str,
    html: str = "",
    reference: str = "",
) -> None:
    """Send a message to the channel of that name.

    Args:
        reference: what this message is known by: a mail that is tried again keeps its id, so that
            a server that had taken it after all can tell.

    Raises:
        Undelivered: it was not accepted; the sentence says why.
    """
    target = _target(settings, recipient)
    subject = escape.one_line(subject)
    if hasattr(target, "smtp_host"):
        _mail(target, subject, text, html, reference)
        return
    _notify(target, subject, text)


def checked(settings: Settings, recipient: str) -> str:
    """Why a channel cannot be used, as a sentence; empty when it can. Sends nothing."""
    try:
        _target(settings, recipient)
    except Undelivered as problem:
        return str(problem)
    return ""


def _target(settings: Settings, recipient: str) -> NotifyBase:
    address = settings.channels.get(recipient)
    if address is None:
        other = suggest(recipient, settings.channels)
        said = _("The settings name no channel {name}.").format(name=recipient)
        if other:
            said += " " + _("Did you mean {other}?").format(other=other)
        raise Undelivered(said, again=False)
    with warnings.catch_warnings():
        # It loads all its services, some of which need what newer Pythons will not have.
        warnings.simplefilter("ignore", DeprecationWarning)
        # Imported here: it takes a while, and most of the time nothing is sent.
        from apprise import Apprise

        # Its log names addresses; what we tell of a failure stands in our own.
        logging.getLogger("apprise").setLevel(logging.CRITICAL)
        found = Apprise.instantiate(address)
    if found is None:
        raise Undelivered(
            _("The address of channel {name} in the settings is none that Apprise knows.").format(
                name=recipient
            ),
            again=False,
        )
    return found


def _mail(target: Any, subject: str, text: str, html: str, reference: str) -> None:
    from apprise.plugins.email.smtp import AppriseSMTPController

    class Post(AppriseSMTPController):
        """Apprise's connection (its TLS, its signing in), that says what the server answered."""

        def hand_in(self, sender: str, to: list[str], message: bytes) -> Mapping[str, Any]:
            link: Any = self._socket
            refused: Mapping[str, Any] = link.sendmail(sender, to, message)
            return refused

    message = mail(target.from_addr, target.targets, subject, text, html)
    if reference:
        domain = target.from_addr[1].rpartition("@")[2]
        name = hashlib.sha256(reference.encode()).hexdigest()[:32]
        message.replace_header("Message-ID", f"<{name}@{domain}>")
    if target.cc:
        message["Cc"] = ", ".join(sorted(target.cc))
    if target.reply_to:
        message["Reply-To"] = ", ".join(sorted(target.reply_to))
    to = [address for _name, address in target.targets]
    to += sorted({*target.cc, *target.bcc} - set(to))
    post = Post(
        host=target.smtp_host, port=target.port, secure_mode=target.secure_mode,
        user=target.user, password=target.password, verify_certificate=target.verify_certificate,
        socket_connect_timeout=target.socket_connect_timeout,
    )  # fmt: skip
    try:
        with post:
            refused = post.hand_in(target.from_addr[1], to, message.as_bytes(policy=SMTP))
    except smtplib.SMTPRecipientsRefused as problem:
        raise Undelivered(_refused(problem.recipients)) from None
    except smtplib.SMTPResponseException as problem:
        raise Undelivered(_answered(problem.smtp_code, problem.smtp_error)) from None
    except TimeoutError:
        raise Undelivered(_("The mail server did not answer in time.")) from None
    except (OSError, smtplib.SMTPException) as problem:
        if "timed out" in str(problem):  # smtplib's own words for it
            raise Undelivered(_("The mail server did not answer in time.")) from None
        raise Undelivered(
            _("The mail server could not be reached or broke off: {problem}.").format(
                problem=_clean(problem)
            )
        ) from None
    if refused:
        raise Undelivered(
            _("{n} of {total} addresses were refused; the others have it.").format(
                n=len(refused), total=len(to)
            ),
            again=False,
        )


def mail(
    sender: tuple[Any, str], to: list[tuple[Any, str]], subject: str, text: str, html: str
) -> EmailMessage:
    """A mail with a plain part and, where there is one, an HTML part; nobody's robot answers it."""
    message = EmailMessage()
    message["Subject"] = subject
    message["From"] = formataddr((sender[0] or "Ketenzicht", sender[1]))
    message["To"] = ", ".join(formataddr((name or "", address)) for name, address in to)
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = make_msgid("ketenzicht", sender[1].rpartition("@")[2] or "localhost")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text, cte="quoted-printable")
    if html:
        message.add_alternative(html, subtype="html", cte="quoted-printable")
    return message


def _notify(target: NotifyBase, subject: str, text: str) -> None:
    from apprise import Apprise, NotifyFormat

    sender = Apprise()
    sender.add(target)
    result = sender.notify(text, subject, body_format=NotifyFormat.TEXT, timeout=PATIENCE)
    if result:
        return
    said = [_clean(entry.message) for entry in result.logs()]
    raise Undelivered(
        _("The service did not take it: {problem}").format(problem=said[-1] if said else "?")
    )


def _refused(recipients: Mapping[str, tuple[int, bytes | str]]) -> str:
    code, answer = next(iter(recipients.values()))
    return _answered(code, answer)


def _answered(code: int, answer: bytes | str) -> str:
    said = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else str(answer)
    return _("The mail server refused it: {code} {answer}").format(code=code, answer=_clean(said))


def _clean(said: object) -> str:
    """What a server or library said, without addresses, on one line."""
    return _QUIET.sub("…", escape.one_line(said))[:_LONGEST]
