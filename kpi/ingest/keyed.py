"""Phone numbers and e-mail addresses as keyed hashes: the same person, without the number.

Without the key nobody can tell whose hash it is by hashing all phone numbers; where the key is:
`kpi.ingest.key`.
"""

from __future__ import annotations

import hashlib
import hmac
import re

from kpi.store.scratch import quoted

_BLOCK = 64
_KEPT = 24
#: What stands between the digits of a phone number.
_BETWEEN = r"[\s().\-/]"
_PHONE = r"(?:\+|00)[1-9]\d{7,13}|0[1-9]\d{8}"
#: In a column of customers' own numbers only what can hardly be one.
_SURE_PHONE = r"\+[1-9]\d{7,13}|06[1-9]\d{7}"
_MAIL = r"[^@\s]+@[^@\s]+\.[^@\s]+"
COUNTRY = "31"


def normal(text: str) -> str:
    """A phone number or address as it is hashed: +31612345678, small letters."""
    text = text.strip()
    if "@" in text:
        return text.lower()
    digits = re.sub(_BETWEEN, "", text)
    digits = re.sub(r"^00", "+", digits)
    return re.sub(r"^0", f"+{COUNTRY}", digits)


def keyed(text: str, key: bytes) -> str:
    """The keyed hash of a phone number or address, as `keyed_sql` makes it."""
    return "h:" + hmac.new(key, normal(text).encode(), hashlib.sha256).hexdigest()[:_KEPT]


def normal_sql(text: str) -> str:
    """SQL of `normal`."""
    digits = f"regexp_replace({text}, '{_BETWEEN}', '', 'g')"
    digits = f"regexp_replace({digits}, '^00', '+')"
    return (
        f"CASE WHEN contains({text}, '@') THEN lower({text})"
        f" ELSE regexp_replace({digits}, '^0', '+{COUNTRY}') END"
    )


def is_personal_sql(text: str, *, wide: bool) -> str:
    """SQL: whether a text is a phone number or an e-mail address.

    Args:
        text: SQL of the text.
        wide: take anything that can be a phone number for one.
    """
    phone = _PHONE if wide else _SURE_PHONE
    digits = f"regexp_replace({text}, '{_BETWEEN}', '', 'g')"
    begins = ("+", "0", "(") if wide else ("+", "06")
    looks = " OR ".join(f"starts_with({text}, '{begin}')" for begin in begins)
    # The first test is cheap, and next to nothing passes it.
    return (
        f"((contains({text}, '@') OR {looks}) AND (regexp_full_match({text}, '{_MAIL}')"
        f" OR regexp_full_match({digits}, '{phone}')))"
    )


def keyed_sql(text: str, key: bytes) -> str:
    """SQL of the keyed hash (HMAC, RFC 2104, with SHA-256): the key is in it, so never log it."""
    block = (hashlib.sha256(key).digest() if len(key) > _BLOCK else key).ljust(_BLOCK, b"\0")
    inner = bytes(byte ^ 0x36 for byte in block)
    outer = bytes(byte ^ 0x5C for byte in block)
    said = f"encode({normal_sql(text)})"
    first = f"sha256(unhex({quoted(inner.hex())}) || {said})"
    second = f"sha256(unhex({quoted(outer.hex())}) || unhex({first}))"
    return f"CASE WHEN ({text}) IS NOT NULL THEN 'h:' || substr({second}, 1, {_KEPT}) END"
