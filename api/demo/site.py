"""The site: where a demo stands. Its ledger, with the trust file, keys and workbooks beside it, and the copies that attacks
work on."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from api.ceremony import NotDone
from api.settings import Settings

MARK = "示例数据.txt"
_FIRST_LINE = "bangfu demo/1"
_MARK_TEXT = f"""{_FIRST_LINE}
本目录由 bangfu demo 生成，其中示例县青溪乡的人、单位和事都是虚构的示例数据；外部来源的登记表是公开资料，只读取。
带 --fresh 再做一遍时，本目录会被删除重建。请勿在此保存自己的东西。
"""


def mark(directory: Path) -> None:
    """Make a directory that says of itself that it is a demo's."""
    directory.mkdir(parents=True)
    (directory / MARK).write_text(_MARK_TEXT, encoding="utf-8")


def is_marked(directory: Path) -> bool:
    found = directory / MARK
    return found.is_file() and found.read_text(encoding="utf-8").startswith(_FIRST_LINE + "\n")


def discard(directory: Path) -> None:
    """Remove what an earlier demo left. Raises NotDone for a directory that no demo has marked."""
    if not directory.exists():
        return
    if not is_marked(directory):
        raise NotDone(f"{directory} 不是示例生成的目录（没有 {MARK}），不清除；请换一个 --data")
    shutil.rmtree(directory)


def program() -> str:
    """How this program was called, for lines that can be copied."""
    called = Path(sys.argv[0])
    return sys.argv[0] if called.name == "bangfu" else "bangfu"


@dataclass(frozen=True, slots=True)
class Site:
    """`demo-ledger` has `demo-ledger.trust`, `demo-keys` and `demo-books` beside it."""

    data: Path

    def __post_init__(self) -> None:
        if self.data.name in ("", ".."):
            raise NotDone(f"--data 应是一个可以新建的目录，所写是 {self.data}")
        if Settings(data=self.data).database_url:
            raise NotDone("示例只用内置的 SQLite，不碰别的数据库：请先取消 BANGFU_DATABASE_URL")

    @property
    def settings(self) -> Settings:
        return Settings(
            data=self.data,
            database_url="",
            projections_url="",
            ledger_key=None,
            vault_url="",
            vault_key=None,
        )

    @property
    def trust(self) -> Path:
        return self.data.with_name(f"{self.data.name}.trust")

    @property
    def keys(self) -> Path:
        return self.data.with_name(f"{self.data.name.removesuffix('-ledger')}-keys")

    @property
    def books(self) -> Path:
        """The workbooks that are handed in, and those that are handed back."""
        return self.data.with_name(f"{self.data.name.removesuffix('-ledger')}-books")

    @property
    def tampered(self) -> Path:
        return self.data.with_name(f"{self.data.name}-tampered")

    @property
    def rewritten(self) -> Path:
        return self.data.with_name(f"{self.data.name}-rewritten")

    def clear(self) -> None:
        """Remove an earlier demo, whole. Raises NotDone, and then nothing is removed, when a directory is not a demo's."""
        directories = (self.data, self.keys, self.books, self.tampered, self.rewritten)
        for directory in directories:
            if directory.exists() and not is_marked(directory):
                raise NotDone(f"{directory} 不是示例生成的目录（没有 {MARK}），不清除；请换一个 --data")
        if is_marked(self.data) or is_marked(self.keys):
            self.trust.unlink(missing_ok=True)
        for directory in directories:
            discard(directory)

    def prepare(self) -> None:
        """The empty, marked directories of a new demo. Raises NotDone when something stands there already."""
        for path in (self.data, self.trust, self.keys, self.books):
            if path.exists():
                raise FileExistsError(17, "exists", f"{path}（重做一遍请加 --fresh）")
        mark(self.data)
        mark(self.keys)
        mark(self.books)

    def require(self) -> None:
        """Raises LookupError when no demo has been made here."""
        if not (is_marked(self.data) and (self.data / "ledger.db").exists() and self.trust.exists()):
            raise LookupError(f"{self.data} 里没有示例账，请先运行 {program()} demo --data {self.data}")
