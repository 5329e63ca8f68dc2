"""What a browser makes of a figure of our own."""

from xml.etree import ElementTree

HOSTILE = """"><img src=x onerror=alert(1)><script>&amp;"""


def read(made):
    """Its elements; anything but well-formed ones fails here."""
    return ElementTree.fromstring(made.html)


def of_class(root, name):
    """Those of a class, in the order in which they are drawn."""
    return [one for one in root.iter() if name in (one.get("class") or "").split()]


def texts(root, name):
    """The words of each of them."""
    return ["".join(one.itertext()) for one in of_class(root, name)]


def places(root, name):
    """The points of each line or area of a class."""
    return [
        [tuple(map(float, point.split(","))) for point in one.get("points").split()]
        for one in of_class(root, name)
    ]


def share(text):
    """A length as per cent of the width."""
    assert text.endswith("%")
    return float(text[:-1])


def tags(root):
    """Every kind of element there is."""
    return {one.tag for one in root.iter()}
