"""What a page shows of our own HTML, read back: its numbers, where they come from, and its links."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

_EMPTY = frozenset({"rect", "path", "polyline", "line", "circle", "br", "img", "input", "meta"})
#: What stands beside a number and is not it.
_BESIDE = frozenset({"under", "sr", "shape", "tip", "spark", "label", "aside"})


def plain(markdown: str) -> str:
    """Markdown of ours as one reads it: no escapes, no invisible joiners."""
    return markdown.replace("\\", "").replace("\u2060", "")


@dataclass
class Node:
    """An element, or a piece of text (without a tag)."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node] = field(default_factory=list)
    words: str = ""

    @property
    def classes(self) -> set[str]:
        return set(self.attributes.get("class", "").split())

    def all(self) -> Iterator[Node]:
        """Itself and everything in it."""
        yield self
        for child in self.children:
            yield from child.all()

    def text(self, without: frozenset[str] = frozenset()) -> str:
        """All words in it, but for the elements of these classes."""
        parts = [self.words, *(c.text(without) for c in self.children if not c.classes & without)]
        return " ".join(" ".join(parts).split(" ")).strip()

    @property
    def number(self) -> str:
        """The number that stands in it."""
        for one in self.all():
            if "value" in one.classes:
                return one.text(_BESIDE).strip()
        return self.text(_BESIDE).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Node("")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(node)
        if tag not in _EMPTY:
            self.open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Node(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        while len(self.open) > 1 and self.open.pop().tag != tag:
            pass

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(Node("", words=data.replace("\n", " ")))


def read(html: str) -> Node:
    """The elements of a piece of HTML."""
    reader = _Reader()
    reader.feed(html)
    return reader.open[0]


@dataclass(frozen=True)
class Number:
    """A number on a page that says where it comes from."""

    text: str
    asked: str
    what: str
    count: int | None
    links: tuple[str, ...]


def numbers(block: Node) -> list[Number]:
    """The numbers of a block."""
    return [
        Number(
            one.number,
            one.attributes["data-asked"],
            one.attributes["data-what"],
            int(one.attributes["data-count"]) if "data-count" in one.attributes else None,
            tuple(a.attributes["href"] for a in one.all() if a.attributes.get("href")),
        )
        for one in block.all()
        if "data-asked" in one.attributes
    ]


def links(block: Node) -> list[str]:
    """Where it leads to."""
    return [
        one.attributes["href"] for one in block.all() if one.tag == "a" and "href" in one.attributes
    ]


def loose(block: Node) -> list[tuple[str, str]]:
    """Figures that do not say where they come from: head of their column, and the figure."""
    found = []
    for table in (one for one in block.all() if one.tag == "table"):
        heads = [one.text().strip() for one in table.all() if one.attributes.get("scope") == "col"]
        for row in (one for one in table.all() if one.tag == "tr"):
            cells = [one for one in row.children if one.tag in {"td", "th"}]
            for head, cell in zip(heads, cells, strict=False):
                known = "data-asked" in cell.attributes
                figure = cell.tag == "td" and "figures" in cell.classes
                if figure and not known and any(sign.isdigit() for sign in cell.number):
                    found.append((head, cell.number))
    return found
