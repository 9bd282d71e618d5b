"""`bangfu names erasures`: whose names stand behind commitments, for who may know; and what is ordered to be erased."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api import bearing, erasing, lines, names
from api.cli_say import AsJson, Data, ReaderKey, UrlOrNone, add, open_desk, out, out_json
from api.compose import china_today
from api.desk import Desk
from api.keyfile import KeyFile, load
from api.lookup import found_as
from api.offices import called
from audit.admission import NotAdmitted
from domain.erasure import GROUNDS
from domain.personal import FIELDS
from projections.story import Names

if TYPE_CHECKING:
    from api.http.auth import Reader


def reader_at(desk: Desk, key: KeyFile) -> Reader:
    """Who reads with a key, as at a server: by its post, today. Raises NotAdmitted."""
    from api.http.auth import reader_of  # noqa: PLC0415 - the other commands start faster without a server

    if desk.public_key(key.key_id) is None:
        raise NotAdmitted("unknown_key", "AUTH-1", f"密钥 {key.key_id} 未登记")
    found = reader_of(desk.ledger.directory, key.key_id, china_today(desk.now()))
    if found is None:
        raise NotAdmitted("key_not_good", "AUTH-2", f"密钥 {key.key_id} 已停用或岗位已撤销")
    return found


def show_names(
    subject: Annotated[str, typer.Argument(metavar="SUBJECT", help="如 debt:QX-Z-0001，或编号")],
    key: ReaderKey,
    data: Annotated[Path | None, typer.Option("--data", metavar="DIR", help="数据目录")] = None,
    url: UrlOrNone = "",
    as_json: AsJson = False,
) -> None:
    """一个事项所涉自然人的姓名等：限有权的岗位，在其辖区之内，每次读取另行记录。"""
    if (data is None) == (not url):
        raise typer.BadParameter("--data 与 --url 写其中一个")
    found = _asked(url, subject, load(key)) if data is None else _read(data, subject, load(key))
    if as_json:
        out_json(found)
        return
    if not found["names"]:
        out("没有自然人的信息")
    for one in found["names"]:
        title = f"{one['whose']} {FIELDS.get(one['field'], '')}".strip()
        shown = one["value"] or names.STATES[one["state"]]
        out(f"{title}  {shown}  {one['commitment']}")


def _read(data: Path, subject: str, key: KeyFile) -> Mapping[str, Any]:
    with open_desk(data) as desk:
        reader = reader_at(desk, key)
        identity = found_as(desk, subject)
        names.require(reader, identity, names.areas_now(desk, identity))
        whose = bearing.whose(desk.reader, identity)
        found = names.reveal(desk, reader, identity, list(whose))
    told = [asdict(one) | {"whose": whose[one.commitment]} for one in found.values()]
    return {"subject": identity, "names": told}


def _asked(url: str, subject: str, key: KeyFile) -> Mapping[str, Any]:
    from api import remote  # noqa: PLC0415 - as above

    found: Mapping[str, Any] = remote.names(url, subject, remote.log_in(url, key).token)
    return found


def erasures(data: Data, as_json: AsJson = False) -> None:
    """删除令一览：依据、保管库中是否已删、各副本是否已由其岗位确认。"""
    with open_desk(data) as desk:
        ledger = desk.ledger.directory.ledger
        found = [] if ledger is None else list(erasing.orders(desk.reader, ledger.id))
        with desk.keeper.at_work() as vault:  # opening it carries out what is still to be done
            left = {one.id: len(vault.kept(one.commitments)) for one in found}
        answers = {copy.post: called(desk, copy.post) for one in found for copy in one.copies}
        names = Names(desk.reader)
        named = {
            subject: lines.called(subject, names.label(subject)) for one in found for subject in one.subjects
        }
    if as_json:
        out_json([asdict(one) | {"state": _state(one, left[one.id])} for one in found])
        return
    if not found:
        out("没有删除令")
    for one in found:
        out(f"第 {one.position} 号  {_WORDS[_state(one, left[one.id])]}  {one.id}")
        out(f"    涉及 {'、'.join(named[subject] for subject in one.subjects)}")
        out(f"    {GROUNDS[one.ground]}，依据 {one.basis}，承诺 {len(one.commitments)} 项")
        for copy in one.copies:
            done = "待确认" if copy.confirmed_at is None else f"已删，第 {copy.confirmed_at} 号"
            out(f"    副本 {copy.medium}（{answers[copy.post]}）：{done}")
    if found:
        out("每次删除都换保管钥：末次删除之前的保管库备份都不能再打开，请另作备份")


_WORDS = {"erasing": "删除中", "erased": "已删除"}


def _state(order: erasing.Order, left: int) -> str:
    return "erased" if order.confirmed and not left else "erasing"


def register(app: typer.Typer) -> None:
    add(app, "names", show_names)
    add(app, "erasures", erasures)
