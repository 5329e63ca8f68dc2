"""Our own samples, polluted at random: a table, a doubt or a refusal; never anything else."""

import random
from pathlib import Path

import pytest

from kpi.ingest.look import look
from kpi.ingest.problems import Refused
from kpi.ingest.profile_keys import parse_profile
from kpi.ingest.staging import Work, stage_file
from kpi.schema.synonyms import every_header
from kpi.store.scratch import quoted, scratch
from tests.ingest.conftest import ZONE

DATA = Path(__file__).resolve().parents[2] / "data"
PIECES = [bytes([byte]) for byte in b"\";,\t|\r\n\0'\\ \xe9\xff\x80="]
SWAPS = [(b";", b","), (b";", b"\t"), (b"\r\n", b"\n"), (b"\r\n", b"\r"), (b'"', b"'"), (b'"', b"")]


def polluted(content: bytes, chance: random.Random) -> bytes:
    dirty = bytearray(content)
    for _ in range(chance.randrange(12)):
        at = chance.randrange(len(dirty) + 1)
        match chance.randrange(5):
            case 0:
                dirty[at:at] = chance.choice(PIECES)
            case 1 if len(dirty) > 40:
                del dirty[at : at + chance.randrange(1, 20)]
            case 2:
                dirty[at:at] = dirty[max(0, at - 50) : at]
            case 3:
                dirty[at:at] = chance.randbytes(chance.randrange(1, 8))
            case _:
                old, new = chance.choice(SWAPS)
                dirty = dirty.replace(old, new, chance.choice([1, 3, -1]))
    return bytes(dirty)


@pytest.mark.parametrize("seed", range(24))
def test_polluted_samples(folder, seed):
    chance = random.Random(seed)
    name, profile = chance.choice([("zaken", "zaaksysteem"), ("enquete", "enquete")])
    content = polluted((DATA / "samples" / f"{name}.csv").read_bytes(), chance)
    path = folder / "file.csv"
    path.write_bytes(content)
    connection = scratch([folder], threads=1)
    work = Work(connection, path, folder, ZONE, key=b"k" * 32, known=every_header())
    try:
        found = look(work, {"table": None})
        assert found["columns"]
        for table in ("typed_0", "sample"):
            connection.execute(f"DROP TABLE IF EXISTS {table}")
        text = (DATA / "profiles" / f"{profile}.toml").read_text(encoding="utf-8")
        result = stage_file(work, parse_profile(text.replace('delimiter = ";"\n', "")))
    except Refused as refusal:
        if "{" not in str(refusal):
            return
        # A sentence with an open place is no sentence.
        raise
    for feed in result.feeds:
        staged = 0
        if feed.parquet:
            sql = f"SELECT count(*) FROM read_parquet({quoted(feed.parquet)})"
            (staged,) = connection.execute(sql).fetchone()
        assert feed.rows == staged + feed.left_out + feed.quarantined
    connection.close()
