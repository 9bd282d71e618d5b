"""`bangfu init keygen trust enrol posts adopt-rules`: keys, the ceremonies at which they are used, and who is in office."""

from __future__ import annotations

import errno
import os
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from api import trustfile
from api.ceremony import (
    PersonFile,
    adopt_rules,
    check_opening,
    enrol,
    enrolment_sheet,
    open_ledger,
    opening_sheet,
    trust_of,
)
from api.cli_say import (
    AsJson,
    Data,
    add,
    answer,
    clerk_at,
    open_desk,
    out,
    out_json,
    read_json,
    say,
)
from api.columns import ORGANISATION_KINDS
from api.keyfile import KeyFile, generate, load
from api.offices import office_lines, offices
from api.settings import settings_of
from domain.authority import ROLE_LABELS, ROLES
from domain.command import bad_shape
from domain.errors import BadShape

RegistrarKeys = Annotated[
    list[Path], typer.Option("--key", metavar="FILE", help="登记员的密钥文件；须两名登记员的，逐个给出")
]
_SAMPLE = ("999999001", "示例县青溪乡")


def _key(path: Path, name: str) -> KeyFile:
    """The key in a file; made there when there is none."""
    if path.exists():
        return load(path)
    key = generate(name)
    key.write(path)
    say(f"已生成密钥：{path}（{name}）")
    return key


def keygen(
    name: Annotated[str, typer.Argument(metavar="NAME", help="密钥的名称，只写在文件里，不入账")],
    out_file: Annotated[Path, typer.Option("--out", metavar="FILE", help="写到哪个文件")],
    as_json: AsJson = False,
) -> None:
    """生成一把私钥，写入只有本人可读的文件。"""
    key = generate(name)
    key.write(out_file)
    if as_json:
        out_json({"key": key.key_id, "public": key.public, "file": str(out_file)})
    else:
        out(f"密钥编号  {key.key_id}\n公钥指纹  {key.fingerprint}\n私钥文件  {out_file}")


def init(
    data: Data,
    trust_out: Annotated[Path, typer.Option("--trust-out", metavar="FILE", help="交给核验人的信任文件")],
    area_code: Annotated[
        str, typer.Option(metavar="CODE", help="行政区划代码，6 至 12 位；不写则按示例县青溪乡开账")
    ] = "",
    area_name: Annotated[str, typer.Option(metavar="NAME", help="县、乡名称")] = "",
    registrar: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="登记员的密钥文件，至少两个；不给则在信任文件旁生成"),
    ] = None,
    as_json: AsJson = False,
) -> int:
    """开立台账：第 0 号分录由台账和登记员的密钥共同签名。"""
    if not area_code or not area_name:
        area_code, area_name = area_code or _SAMPLE[0], area_name or _SAMPLE[1]
        say(f"未给出区划，按示例开账：{area_name}（{area_code}）")
    settings = settings_of(data)
    check_opening(settings, area_code, area_name)
    if trust_out.exists():
        raise FileExistsError(17, "exists", str(trust_out))
    paths = registrar or [
        trust_out.with_name(f"{trust_out.stem}-registrar-{number}.key") for number in (1, 2, 3)
    ]
    trust_out.parent.mkdir(parents=True, exist_ok=True)
    if not os.access(trust_out.parent, os.W_OK):  # better known before the ledger is opened
        raise PermissionError(errno.EACCES, "不能写入", str(trust_out.parent))
    keys = [_key(path, f"登记员 {number}") for number, path in enumerate(paths, 1)]
    found = open_ledger(settings, area_code, area_name, keys)
    if not found.ok:
        return answer(found, as_json)
    with open_desk(data) as desk:
        trustfile.write(trust_out, trust_of(desk))
        if as_json:
            out_json(
                found.json()
                | {"origin": desk.log.origin, "vkey": str(desk.log.vkey()), "trust": str(trust_out)}
            )
        else:
            out(opening_sheet(desk, keys, trust_out))
    return 0


def trust(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="要写的信任文件，不得已经存在")],
    data: Data,
    as_json: AsJson = False,
) -> None:
    """按台账现状另写一份信任文件：交出前须与开账记录单上的公钥当面核对。"""
    if file.exists():
        raise FileExistsError(errno.EEXIST, "exists", str(file))
    with open_desk(data) as desk:
        trustfile.write(file, trust_of(desk))
        if as_json:
            out_json(
                {"ok": True, "origin": desk.log.origin, "vkey": str(desk.log.vkey()), "size": desk.log.size}
            )
        else:
            out(
                f"已写信任文件 {file}：台账 {desk.log.origin}，大小 {desk.log.size}\n校验密钥  {desk.log.vkey()}"
            )


def enrol_key(
    person: Annotated[Path, typer.Argument(metavar="PERSON.json", help="单位、岗位、辖区；不写人名")],
    key: RegistrarKeys,
    new_key: Annotated[Path, typer.Option("--new-key", metavar="FILE", help="新密钥的文件，没有则生成")],
    data: Data,
    as_json: AsJson = False,
) -> int:
    """登记一把密钥：登记员与新密钥共同签名；登记员自己的密钥要两名登记员。"""
    value = read_json(person)
    try:
        asked = PersonFile.model_validate(value)
    except ValidationError as error:
        raise _explained(bad_shape(error, "", value)) from None
    with open_desk(data) as desk:
        registrars = clerk_at(desk, key).keys
        new = _key(new_key, asked.post.title)
        found = enrol(desk, registrars, new, asked)
        if found.ok and not as_json:
            out(enrolment_sheet(desk, new))
            return 0
    return answer(found, as_json)


def _explained(refusal: BadShape) -> BadShape:
    """With what may stand in the columns that have a list of their own."""
    allowed = {
        "/post/role": {role: ROLE_LABELS[role] for role in ROLES},
        "/organisation/kind": ORGANISATION_KINDS,
    }
    faults = [fault | {"allowed": allowed.get(fault["pointer"], {})} for fault in refusal.detail["faults"]]
    return BadShape(refusal.message, faults=faults)


def posts(data: Data, as_json: AsJson = False) -> None:
    """岗位一览：单位、辖区、任期，谁的密钥有效，谁代理。人员只有编号，没有姓名。"""
    with open_desk(data) as desk:
        found = offices(desk)
        if as_json:
            out_json({"posts": [asdict(one) for one in found], "verified_to": desk.log.size})
            return
        for line in office_lines(found):
            out(line)


def adopt(key: RegistrarKeys, data: Data, as_json: AsJson = False) -> int:
    """启用本程序的规则为下一版：两名登记员共同签名。"""
    with open_desk(data) as desk:
        return answer(adopt_rules(desk, clerk_at(desk, key).keys), as_json)


def register(app: typer.Typer) -> None:
    add(app, "init", init)
    add(app, "keygen", keygen)
    add(app, "trust", trust)
    add(app, "enrol", enrol_key)
    add(app, "posts", posts)
    add(app, "adopt-rules", adopt)
