"""The replay corpus (D6): a history decided once and kept. `python -m tests.domain.corpus` writes it anew.

A decision that comes out otherwise than in the corpus has changed: then the rules need a new epoch, and the
corpus of the old one stays as it is. Only the table in the opening may grow, with new commands.
"""

import json
from pathlib import Path

from domain.command import table
from tests.domain.story import Json, Town, identity, settled

CORPUS = Path(__file__).with_name("epoch_1.jsonl")


def history() -> Town:
    """Every noun at least once, by the hands of 青溪乡."""
    town = settled()
    town.checked(number="QX-0001")
    town.when("project.opine_class.v1", town.opinion(), "clerk")
    town.when("proposal.endorse.v1", town.signature("checks"), "centre")
    town.when("proposal.endorse.v1", town.signature("seals"), "head")
    commands = [
        town.command("project.list.v1", town.project(name, operator=operator), "typist", nature="opening")
        for name, operator in (("一", ""), ("二", "张三"), ("三", ""))
    ]
    accepted = town.when_batch(commands)
    outcome = town.books.entries[accepted.position]
    check = {
        "batch": outcome.stream,
        "excepted": [[2, "待查"]],
        "leaf": outcome.leaf,
        "position": outcome.position,
    }
    town.when("batch.endorse.v1", check | {"rows": 3}, "centre")
    town.listed("茶园", build_year=2012, total_fen=1)
    better = town.project("茶园") | {"reason": "年度写错", "version": 1}
    town.when("project.supersede.v1", better, "clerk", nature="fact")
    correction = {
        "changes": [{"field": "scale", "now": "180亩", "was": "200亩"}],
        "expires_on": "2026-12-31",
        "name": "油茶基地",
        "project": identity("project", "油茶基地"),
        "proposal": identity("proposal", "更正"),
        "reason": "实测",
        "version": 1,
    }
    town.when("project.correct.v1", correction, "clerk")
    town.when("proposal.endorse.v1", town.signature("checks", "更正"), "centre")
    town.when("project.opine_class.v1", town.opinion("一", "一"), "clerk")
    withdrawal = {
        "label": "村级初步认定：闲置类",
        "proposal": identity("proposal", "一"),
        "reason": "另行提议",
    }
    town.when("proposal.withdraw.v1", withdrawal, "clerk")
    days = {"document": "示例府发〔2026〕2号", "effective_on": "2026-11-01", "name": "late_days", "value": 10}
    town.when("parameter.set.v1", days | {"parameter": identity("parameter", "late")}, "registrar")
    moved = {"area": identity("area", "source"), "name": "外地公开表", "parent": identity("area", "town")}
    town.when("area.move.v1", moved, "registrar")
    town.enrol("second", "village_admin", "village", person="clerk", post="clerk")
    for name, by, more in (
        ("key.report_lost.v1", "second", {}),
        ("key.revoke.v1", "clerk_shan", {}),
        ("key.report_compromise.v1", "typist", {"from_position": 30}),
    ):
        key = town.extra[by].key if by == "second" else town.key_of(by)
        town.when(name, {"key": key, "reason": "示例"} | more, "registrar")
    closing = {"post": town.post_of("discipline"), "reason": "示例", "title": "示例岗位discipline"}
    town.when("post.close.v1", closing, "registrar")
    return town


def kept() -> list[Json]:
    """The corpus, with the table of today in its opening."""
    lines: list[Json] = [json.loads(line) for line in CORPUS.read_text("utf-8").splitlines()]
    lines[0]["command"]["payload"]["rules"]["table"] = table()
    return lines


if __name__ == "__main__":
    text = "".join(
        json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n" for line in history().books.lines()
    )
    CORPUS.write_text(text, "utf-8")
