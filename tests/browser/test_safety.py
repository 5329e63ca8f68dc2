"""Nothing leaves this machine, nothing hostile in data does anything, and everybody can read along."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.serving import all_text, settled
from tests.browser.test_loading import load

HOSTILE = "![x](http://evil.example/a.png) <img src=http://evil.example/b.png onerror=alert(1)> :red[x] $y$"
PAGES = ["/", "/klantproces?process=fault", "/gegevens-inlezen", "/informatieschermen"]


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


@pytest.mark.parametrize("path", PAGES)
def test_no_page_breaks_its_own_policy(loaded, page, path):
    said = []
    page.on("console", lambda line: said.append(line.text))
    page.goto(f"{loaded.url}{path}")
    settled(page)
    assert not [text for text in said if "Content Security Policy" in text]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("state", ["loaded", "empty"])
def test_axe_finds_nothing_serious(path, theme, state, context, page, request):
    server = request.getfixturevalue(state)
    page.emulate_media(color_scheme=theme)
    page.goto(f"{server.url}{path}")
    settled(page)
    found = serious(page)
    assert not found, found


@pytest.mark.parametrize("view", ["complaints", "scoreboard"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_on_walls(view, theme, loaded, page):
    page.goto(f"{loaded.url}/wall/{view}?theme={theme}")
    page.wait_for_timeout(300)
    found = serious(page)
    assert not found, found


def serious(page):
    """Serious and critical findings of axe, as one reads them."""
    results = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
    return [
        f"{one['id']}: {one['help']} · {node['html'][:160]} · {node['failureSummary'][:200]}"
        for one in results.response["violations"]
        if one["impact"] in {"serious", "critical"}
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("path", PAGES)
def test_narrow_and_zoomed_pages_do_not_scroll_sideways(loaded, page, path):
    # 320 CSS pixels is also a 1280-pixel screen at 400 %.
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(f"{loaded.url}{path}")
    settled(page)
    wide = page.evaluate("document.querySelector('.stMain').scrollWidth")
    assert wide <= 321
