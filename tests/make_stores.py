"""Makes tests/stores/N: a small store as schema version N of the registry writes it. `python -m tests.make_stores`.

Run it before the schema changes and keep the folder: tests/test_migrations.py opens each of them. The vector index is left
out; a rebuild makes it.
"""

from __future__ import annotations

import shutil
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from ingest.update import ingest_files
from rag.registry import FILE
from rag.registry_tables import SCHEMA_VERSION
from rag.settings import Settings
from rag.store import open_store
from tests.small_store import CountingEncoder

FOLDER = Path(__file__).resolve().parent / "stores"

LETTER = """松江市科学技术局文件

松科提复〔2023〕{number}号

关于市政协十届二次会议第{number}号提案的答复函

柳文达委员：

您在市政协十届二次会议上提出的《关于加快建设孵化载体的提案》（第{number}号）收悉。现将办理情况答复如下：

一、2022年工作情况

2022年，全市新增孵化面积{area}万平方米，在孵企业达到312家。

二、2023年工作计划

2023年，全市计划新增孵化面积60万平方米以上，新引进高层次人才15人。

松江市科学技术局
2023年{month}月9日
"""
LETTERS = {  # 11 was issued again in August, with another area
    "11.txt": LETTER.format(number=11, area=11, month=6),
    "11-again.txt": LETTER.format(number=11, area=99, month=8),
    "12.txt": LETTER.format(number=12, area=12, month=6),
}


def write_store(target: Path) -> None:
    """A store of these letters, without its vector index."""
    with tempfile.TemporaryDirectory(prefix="replydesk-store-") as name:
        folder = Path(name)
        for file, text in LETTERS.items():
            (folder / file).write_text(text, encoding="utf-8")
        settings = Settings(store=folder / "store", embedding="counting", llm="none")
        with open_store(settings, write=True, encoder=CountingEncoder()) as store:
            tally = ingest_files(store, [folder / file for file in LETTERS])
            assert not tally.failed, tally.failed
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(settings.store / "originals", target / "originals")
        with closing(sqlite3.connect(settings.store / FILE)) as connection:
            connection.execute("VACUUM INTO ?", (str(target / FILE),))


def main() -> int:
    """Make the store of the present version."""
    target = FOLDER / str(SCHEMA_VERSION)
    write_store(target)
    sys.stdout.write(f"{target}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
