"""`bangfu file-hash`: the salted hash of a paper's file (FORMAT 5.6), to be registered with the paper; and whether a file is that paper's."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli_say import EXIT_VERIFY, AsJson, add, open_desk, out, out_json, say
from api.lookup import found_as
from api.papers import beside, hash_of
from domain.values import kind_of
from projections.trace import Trace, trace


def hash_file(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="材料的文件：扫描件、照片、文档")],
    document: Annotated[
        str,
        typer.Option(metavar="SUBJECT", help="已登记的材料，如 document:30：核对这是不是它的文件"),
    ] = "",
    data: Annotated[Path | None, typer.Option("--data", metavar="DIR", help="数据目录，核对时写")] = None,
    as_json: AsJson = False,
) -> int:
    """材料文件的加盐哈希，登记材料时填入 hash。盐写在旁边的 FILE.salt，与文件一同保存；再算得到同一个哈希。"""
    if bool(document) != (data is not None):
        raise typer.BadParameter("核对时 --document 与 --data 一同写")
    paper = None if data is None else _paper(data, document)
    if paper is not None and not paper.value("hash"):
        if as_json:
            out_json({"ok": False, "hash": None, "document": paper.subject})
        else:
            out(f"这份材料登记时没有文件：{_called(paper)}")
        return EXIT_VERIFY
    try:
        found = hash_of(file, may_be_new=paper is None)
    except ValueError as wrong:
        raise typer.BadParameter(str(wrong)) from None
    if paper is None:
        if as_json:
            out_json({"ok": True, "hash": found, "salt_file": str(beside(file))})
        else:
            out(found)
            say(f"盐在 {beside(file)}：与文件一同保存，没有盐就不能证明这是所登记的文件")
        return 0
    same = paper.value("hash") == found
    if as_json:
        out_json({"ok": same, "hash": found, "document": paper.subject})
    else:
        is_it = "是" if same else "不是"
        out(f"{file.name} {is_it}{_called(paper)}登记的文件")
        if not same:
            say("文件或旁边的盐与登记时不同；材料登记的哈希见 trace")
    return 0 if same else EXIT_VERIFY


def _paper(data: Path, written: str) -> Trace:
    with open_desk(data) as desk:
        subject = found_as(desk, written)
        if kind_of(subject) != "document":
            raise typer.BadParameter(f"“{written}”不是材料，应写如 document:30")
        return trace(desk.reader, subject)


def _called(paper: Trace) -> str:
    return f"材料“{paper.value('name')}”（{paper.subject}）"


def register(app: typer.Typer) -> None:
    add(app, "file-hash", hash_file)
