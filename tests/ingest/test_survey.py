import bz2
import codecs
import gzip
import lzma
import zipfile

import pytest

from kpi.ingest.problems import Refused
from kpi.ingest.survey import hash_of, kind_of, read_text

TEXT = "zaak;omschrijving\n1;één café – €\n2;gewoon\n"


def lines_of(text):
    return [line for chunk in text.chunks(7) for line in chunk]


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32"),
        ("cp1252", "cp1252"),
    ],
)
def test_encodings(tmp_path, encoding, found):
    path = tmp_path / "a.csv"
    path.write_bytes(TEXT.encode(encoding))
    text = read_text(path, tmp_path, None)
    assert text.encoding == found
    assert lines_of(text) == TEXT.splitlines()
    assert not text.damaged


@pytest.mark.parametrize("encoding", ["cp850", "mac_roman", "iso8859-15"])
def test_others_are_found_with_a_doubt(tmp_path, encoding):
    path = tmp_path / "a.csv"
    # Of the euro sign, only: elsewhere this encoding is as good as Windows-1252.
    price = "; € 5; € 7; € 9" if encoding == "iso8859-15" else ""
    text = "\n".join([f"één; café; geïnd; coördinatie; reünie; vóór{price}"] * 5)
    path.write_bytes(text.encode(encoding))
    found = read_text(path, tmp_path, None)
    assert (codecs.lookup(found.encoding).name, found.doubtful) == (
        codecs.lookup(encoding).name,
        True,
    )
    assert lines_of(found) == text.splitlines()


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_the_mark_at_the_end_of_a_file_is_no_line(tmp_path, encoding):
    path = tmp_path / "a.csv"
    path.write_bytes("één\x1a;b\n1;2\n\x1a\x1a".encode(encoding))
    text = read_text(path, tmp_path, None)
    assert lines_of(text) == ["één\x1a;b", "1;2"]
    assert text.ends_with_a_line


def test_ascii_is_read_as_it_lies(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"a;b\n1;2\n")
    for pinned in (None, "cp1252", "utf-8"):
        assert read_text(path, tmp_path, pinned).path == path


def test_utf8_with_a_few_bad_bytes(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes("café;één\n".encode() * 20 + b"stuk \xe9;x\n")
    text = read_text(path, tmp_path, None)
    assert (text.encoding, text.damaged, text.doubtful) == ("utf-8", True, True)
    assert [line for line in lines_of(text) if "\ufffd" in line] == ["stuk \ufffd;x"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(tmp_path, end):
    path = tmp_path / "a.csv"
    for last in ("", end):
        path.write_bytes((end.join(["a;b", "1;2", "3;4"]) + last).encode())
        assert lines_of(read_text(path, tmp_path, None)) == ["a;b", "1;2", "3;4"]


def test_a_carriage_return_inside_a_cell_stays(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b'a;b\n1;"x\ry"\n')
    assert lines_of(read_text(path, tmp_path, None)) == ["a;b", '1;"x\ry"']


def test_nuls_are_taken_out_and_counted(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"a;b\n1;\x002\nmany more characters than nuls\n")
    text = read_text(path, tmp_path, None)
    assert (text.nuls, lines_of(text)[1]) == (1, "1;2")


@pytest.mark.parametrize(
    ("name", "pack"),
    [("gz", gzip.compress), ("bz2", bz2.compress), ("xz", lzma.compress)],
)
def test_compressed_files_are_refused(tmp_path, name, pack):
    # Its name does not matter.
    path = tmp_path / "klachten.csv"
    path.write_bytes(pack(TEXT.encode() * 1000))
    with pytest.raises(Refused, match="compressed"):
        kind_of(path)


def test_a_zip_is_refused_and_a_workbook_is_not(tmp_path):
    for member, kind in (("a.csv", None), ("[Content_Types].xml", "xlsx")):
        path = tmp_path / "x"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(member, TEXT)
        if kind:
            assert kind_of(path) == kind
        else:
            with pytest.raises(Refused, match="zip"):
                kind_of(path)


@pytest.mark.parametrize("start", [b"%PDF-1.7", b"\x89PNG\r\n", b"SQLite format 3\x00"])
def test_what_holds_no_table(tmp_path, start):
    path = tmp_path / "a.csv"
    path.write_bytes(start + bytes(100))
    with pytest.raises(Refused, match="holds no table"):
        kind_of(path)


@pytest.mark.parametrize(("folder", "kind"), [("word", "Word"), ("ppt", "PowerPoint"), ("xl", "")])
def test_a_letter_is_no_workbook(tmp_path, folder, kind):
    path = tmp_path / "brief.csv"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(f"{folder}/document.xml", "<x/>")
    if not kind:
        assert kind_of(path) == "xlsx"
        return
    with pytest.raises(Refused) as refused:
        kind_of(path)
    assert f"This is a {kind} file and holds no table" in str(refused.value)


def test_the_note_beside_an_open_workbook_is_not_the_workbook(tmp_path):
    name = "A. Jansen"
    note = (
        bytes([len(name)])
        + name.encode().ljust(54)
        + b"\x09\0"
        + name.encode("utf-16-le").ljust(108)
    )
    path = tmp_path / "__zaken.xlsx"
    path.write_bytes(note)
    with pytest.raises(Refused, match="while it is open"):
        kind_of(path)
    # A short text under the name of a workbook is read as text.
    path.write_bytes(b"zaak;geopend\n" * 13)
    assert kind_of(path) == "text"


def test_an_old_workbook(tmp_path):
    path = tmp_path / "a.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    with pytest.raises(Refused, match="xlsx"):
        kind_of(path)


def test_hash(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"abc")
    assert hash_of(path) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
