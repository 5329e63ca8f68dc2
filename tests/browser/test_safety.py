"""Nothing leaves this machine, nothing hostile in data does anything, and everybody can read along."""

import pytest

from tests.browser.serving import all_text, serious, settled
from tests.browser.test_loading import load

HOSTILE = "![x](http://evil.example/a.png) <img src=http://evil.example/b.png onerror=alert(1)> :red[x] $y$"


def hostile(path):
    """Cases whose process, reason and channel are markup that fetches pictures."""
    quoted = '"' + HOSTILE.replace('"', '""') + '"'
    rows = ["case_id;process;reason;opened_channel;department;opened_at;closed_at;status"]
    for i in range(40):
        day = 1 + i % 28
        rows.append(
            f"Z-{i};{quoted};{quoted};{quoted};{quoted};2026-03-{day:02d} 09:00;"
            f"2026-03-{day:02d} 15:00;{quoted if i % 9 == 0 else 'closed'}"
        )
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_hostile_markdown_fires_no_request(serve, empty_store, page, tmp_path, elsewhere):
    server = serve(empty_store)
    dialogs = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.goto(f"{server.url}/gegevens-inlezen")
    settled(page)
    load(page, hostile(tmp_path / "![naam](x).csv"))
    page.goto(f"{server.url}/?since=2026-03-01&until=2026-03-31")
    settled(page)
    assert "evil.example" in all_text(page), "shown as it was typed"
    page.locator("a.cell").first.click()
    page.wait_for_url("**/klantproces*")
    settled(page)
    page.goto(f"{server.url}/wall/complaints")
    assert "evil" not in page.content()
    assert not dialogs
    assert not elsewhere


@pytest.mark.parametrize("view", ["complaints", "scoreboard"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_on_walls(view, theme, loaded, page):
    page.goto(f"{loaded.url}/wall/{view}?theme={theme}")
    page.wait_for_timeout(300)
    found = serious(page)
    assert not found, found
