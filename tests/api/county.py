"""A county (示例县) with one town, two villages and two people, kept from the command line."""

from __future__ import annotations

import json
from pathlib import Path

from tests.support.shell import Done, Shell, write_json

HEADING = "项目编号,项目名称,村,建设年度,规模,资金来源,投入帮扶资金(万元),存续期,经营性资产"
FIRST = "QX-0001,油茶项目,示例一村,2016,320亩,财政扶贫资金,96.5,是,是"
SECOND = "QX-0002,冷链项目,示例一村,2020,600立方米,财政扶贫资金,120,是,是"
REGISTRAR = "county-registrar-1.key"
AREAS = (
    ("示例县", "county", ""),
    ("青溪乡", "town", "area:示例县"),
    ("示例一村", "village", "area:青溪乡"),
    ("示例二村", "village", "area:青溪乡"),
)
PEOPLE = (("clerk", "village_admin", "示例一村"), ("office", "service_centre", "青溪乡"))


def settle(shell: Shell) -> Path:
    """A ledger with its areas, a clerk of one village and a checker of the town."""
    assert shell.bangfu("init", "--data", "county", "--trust-out", "county.trust").code == 0
    for name, kind, parent in AREAS:
        write_json("area.json", {"division_code": "", "kind": kind, "name": name, "parent": parent})
        assert submit(shell, "area.register", "area.json", REGISTRAR).code == 0
    for key, role, area in PEOPLE:
        organisation = {"name": f"示例中心{key}", "kind": "other", "area": "青溪乡"}
        post = {"title": key, "role": role, "areas": [area]}
        write_json("person.json", {"organisation": organisation, "post": post})
        keys = ("--key", REGISTRAR, "--new-key", f"{key}.key")
        done = shell.bangfu("enrol", "person.json", *keys, "--data", "county")
        assert done.code == 0, done.err
    return shell.home


def submit(shell: Shell, name: str, fields: str, key: str) -> Done:
    program = ".venv/bin/bangfu"
    return shell.line(
        f"{program} prepare {name} {fields} --data county --key {key} | {program} sign - --key {key} "
        f"| {program} submit - --data county"
    )


def imported(shell: Shell, *rows: str, options: tuple[str, ...] = ()) -> Done:
    write_json("表.csv", "\n".join([HEADING, *rows]) + "\n")
    return shell.bangfu("import", "表.csv", "--key", "clerk.key", "--data", "county", *options)


def size(shell: Shell) -> int:
    return int(json.loads(shell.bangfu("verify", "county", "--json").out)["size"])
