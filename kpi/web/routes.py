"""Our own addresses, beside Streamlit's pages."""

from __future__ import annotations

from starlette.routing import BaseRoute, Route

from kpi.web import (
    agenda,
    door,
    downloads,
    funnel_list,
    health,
    imports,
    library,
    offered,
    rows,
    shelf,
    walls,
)


def routes() -> list[BaseRoute]:
    """All of them; Streamlit looks at these before its own."""
    return [
        Route("/healthz", health.healthz),
        Route("/readyz", health.readyz),
        Route("/wall/static/{name}", walls.static),
        Route("/wall", door.own_page),
        Route("/wall/", door.own_page),
        Route("/wall/mine", door.own_page),
        Route("/wall/mine/content", door.own_content),
        # A screen may be called anything where the configuration is a file: "hall/left" too.
        Route(
            "/wall/screen/{screen:path}/content", door.let_in(walls.screen_content, content=True)
        ),
        Route("/wall/screen/{screen:path}", door.let_in(walls.screen_page)),
        Route("/wall/{view}", door.let_in(walls.page)),
        Route("/wall/{view}/content", door.let_in(walls.content, content=True)),
        # Strangers may come as far as the walls: nothing below that address is Streamlit's to answer.
        Route("/wall/{rest:path}", walls.nothing),
        Route(imports.PATH, imports.receive, methods=["POST"]),
        # Else Streamlit answers, as it does any address that it does not know: with its page.
        Route(imports.PATH, imports.only_post, methods=imports.NOT_POST),
        Route("/download/quarantined/{import_id:int}", downloads.quarantined),
        Route("/download/totals/{import_id:int}", downloads.totals),
        Route("/download/template/{table}.{kind}", downloads.template),
        Route("/download/funnel", funnel_list.entities),
        Route("/download/rows", rows.behind),
        Route("/download/table/{name}", shelf.take),
        Route("/agenda", agenda.page),
        Route(library.ADDRESS, library.script),
        Route("/parts/{name}", offered.part),
    ]
