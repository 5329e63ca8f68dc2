"""The inline script that Streamlit's page holds is known by its hash, whatever its version."""

import base64
import hashlib
from pathlib import Path

from streamlit.file_util import get_static_dir

from kpi.web.scripts import inline_hashes


def test_inline_scripts_only(tmp_path: Path):
    page = tmp_path / "index.html"
    page.write_text(
        "<script>\n  a = 1\n</script><script type=module src='x.js'></script><script>b</script>",
        encoding="utf-8",
    )
    wanted = [
        "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"
        for text in ("\n  a = 1\n", "b")
    ]
    assert inline_hashes(page) == wanted


def test_streamlits_own_page_has_one():
    assert len(inline_hashes(Path(get_static_dir()) / "index.html")) == 1
