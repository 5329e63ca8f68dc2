"""Hashes of the inline scripts in a page we serve, so that its policy can allow those and no other."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

_INLINE = re.compile(r"<script(?P<attributes>[^>]*)>(?P<code>.*?)</script>", re.DOTALL)


def inline_hashes(page: Path) -> list[str]:
    """CSP sources ("'sha256-…'") of the inline scripts of an HTML file, in their order."""
    text = page.read_text(encoding="utf-8")
    return [
        f"'sha256-{base64.b64encode(hashlib.sha256(found['code'].encode()).digest()).decode()}'"
        for found in _INLINE.finditer(text)
        if not re.search(r"\bsrc\s*=", found["attributes"])
    ]
