"""Opening a ledger, enrolling people, adopting rules: the acts that are done with witnesses at the table, and their sheets."""

from __future__ import annotations

import errno
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from api.archive import own_archive, versions
from api.clerk import Clerk
from api.compose import compose, new_id, sign_command
from api.desk import Answer, Desk
from api.keyfile import KeyFile, generate, load
from api.settings import Settings
from audit.checkpoint import parse_note
from audit.log import now
from audit.trust import Policy, Trust
from domain.authority import Role
from domain.command import table
from domain.organisation import Kind


class NotDone(Exception):
    """A ceremony that cannot go on; the message says what is missing."""

    code = "not_done"


def _rules(epoch: int) -> dict[str, object]:
    sha256, _ = own_archive()
    return {"archive": sha256, "epoch": epoch, "table": table(), "versions": versions()}


def check_opening(settings: Settings, area_code: str, area_name: str) -> None:
    """Refuse an opening before anything is written: FileExistsError for a ledger that is there, the domain's refusals."""
    if settings.database_url or (settings.data / "ledger.db").exists():
        with Desk(settings) as desk:
            if desk.log.origin:
                raise FileExistsError(errno.EEXIST, "台账已经开立", str(settings.data))
    _opening(area_code, area_name, generate("试"), [generate("甲"), generate("乙")])


def open_ledger(
    settings: Settings,
    area_code: str,
    area_name: str,
    registrars: Sequence[KeyFile],
    *,
    clock: Callable[[], datetime] = now,
) -> Answer:
    """Record entry 0 (FORMAT 11.1) in a new data directory with a new ledger key. Raises NotDone, and as `check_opening`.

    A crash on the way leaves a key and an empty log: opening again takes that key and goes on.
    """
    if len(registrars) < 2:
        raise NotDone("开账至少要两名登记员，各持自己的密钥")
    check_opening(settings, area_code, area_name)
    settings.data.mkdir(parents=True, exist_ok=True)
    if settings.key_path.exists():
        ledger_key = load(settings.key_path)
    else:
        ledger_key = generate("台账")
        ledger_key.write(settings.key_path)
    body = _opening(area_code, area_name, ledger_key, registrars, clock())
    with Desk(settings, clock=clock) as desk:
        desk.driver.put_archive(*own_archive())
        return desk.take(sign_command(body, ledger_key.signer, *(key.signer for key in registrars)))


def _opening(
    area_code: str,
    area_name: str,
    ledger_key: KeyFile,
    registrars: Sequence[KeyFile],
    moment: datetime | None = None,
) -> bytes:
    """The command of entry 0, ready to sign. Refused when it is not of the form that the domain wants."""
    rows = [_first_key(ledger_key, "ledger")] + [_first_key(key, "registrar") for key in registrars]
    payload = {
        "area_code": area_code,
        "area_name": area_name,
        "keys": rows,
        "ledger": new_id("ledger"),
        "rules": _rules(1),
    }
    signers = [{name: row[name] for name in ("key", "organisation", "post")} for row in rows]
    return compose("ledger.open.v1", payload, nature="act", origin="", signers=signers, seen={}, now=moment)


def _first_key(key: KeyFile, role: Literal["ledger", "registrar"]) -> dict[str, str]:
    own = role == "ledger"
    return {
        "key": key.key_id,
        "organisation": "" if own else new_id("organisation"),
        "person": "" if own else new_id("person"),
        "post": "" if own else new_id("post"),
        "public": key.public,
        "role": role,
        "suite": key.signer.suite,
    }


def trust_of(desk: Desk) -> Trust:
    """A trust file for the present state: to be handed to verifiers at the table, and kept out of the keeper's reach."""
    policy = Policy.parse(f"log {desk.log.vkey()}\nquorum none\n")
    return Trust(
        policy=policy,
        rules=tuple(sorted(desk.driver.archives())),
        seen={desk.log.origin: desk.log.checkpoint().decode()},
    )


def opening_sheet(desk: Desk, registrars: Sequence[KeyFile], trust: Path) -> str:
    """What is read aloud, signed and filed when a ledger is opened."""
    key = desk.log.vkey()
    lines = [
        "————  开账记录单（打印、宣读、签名、盖章、存档）  ————",
        f"台账标识  {desk.log.origin}",
        f"台账公钥  {_grouped(key.public.hex())}",
        f"校验密钥  {key}",
        f"首个检查点  大小 {desk.log.size}，根 {_grouped(parse_note(desk.log.checkpoint()).checkpoint.root.hex())}",
        f"规则存档  {_grouped(own_archive()[0])}",
        *(f"登记员 {number}  {key.name}  {key.fingerprint}" for number, key in enumerate(registrars, 1)),
        f"信任文件  {trust}（抄送纪委、审计；台账保管人不得保管唯一一份）",
        "在场人签名：                          日期：",
    ]
    return "\n".join(lines)


def _grouped(text: str) -> str:
    return " ".join(text[k : k + 4] for k in range(0, len(text), 4))


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class OrganisationOf(_Strict):
    name: str
    kind: Kind
    area: str


class PostOf(_Strict):
    title: str
    role: Role
    areas: list[str] = Field(min_length=1)


class PersonFile(_Strict):
    """PERSON.json of `bangfu enrol`: in which post of which organisation a new key will sign. No name of a person (D17)."""

    organisation: OrganisationOf
    post: PostOf
    person: str = ""  # the id of a person who has another key already


def enrol(desk: Desk, registrars: Sequence[KeyFile], new: KeyFile, person: PersonFile) -> Answer:
    """Enrol a key; its organisation, post and person are registered first where they are not yet. The first refusal ends it.

    One registrar enrols; a registrar's own key needs two (FORMAT 10.4).
    """
    wanted = 2 if person.post.role == "registrar" else 1
    if len(registrars) != wanted:
        raise NotDone(f"登记这个岗位的密钥要 {wanted} 名登记员签名（--key 给出 {wanted} 次）")
    clerk = Clerk(desk, registrars[0])
    organisation = _organisation(desk, clerk, person.organisation)
    if isinstance(organisation, Answer):
        return organisation
    areas = [_area(desk, name) for name in person.post.areas]
    directory = desk.ledger.directory
    post = next(
        (
            found.id
            for found in directory.posts.values()
            if (found.organisation, found.title, found.role, sorted(found.areas), found.closed)
            == (organisation, person.post.title, person.post.role, sorted(areas), False)
        ),
        "",
    )
    if not post:
        post = new_id("post")
        answer = clerk.do(
            "post.establish.v1",
            {
                "areas": areas,
                "organisation": organisation,
                "post": post,
                "role": person.post.role,
                "title": person.post.title,
            },
        )
        if not answer.ok:
            return answer
    who = person.person or new_id("person")
    if not person.person:
        answer = clerk.do("person.register.v1", {"person": who})
        if not answer.ok:
            return answer
    payload = {
        "key": new.key_id,
        "organisation": organisation,
        "person": who,
        "post": post,
        "public": new.public,
        "role": person.post.role,
        "suite": new.signer.suite,
    }
    signers = [
        *(desk.capacity(registrar.key_id) for registrar in registrars),
        {"key": new.key_id, "organisation": organisation, "post": post},
    ]
    body = clerk.prepare("key.enrol.v1", payload, signers=signers)
    return desk.take(sign_command(body, *(registrar.signer for registrar in registrars), new.signer))


def _area(desk: Desk, name: str) -> str:
    """The id of an area by name or id. Raises NotDone."""
    found = desk.ledger.directory.area_called(name)
    if found is not None:
        return found.id
    raise NotDone(f"区域“{name}”还没有登记，请登记员先用 area.register 登记")


def _organisation(desk: Desk, clerk: Clerk, wanted: OrganisationOf) -> str | Answer:
    area = _area(desk, wanted.area)
    for found in desk.ledger.directory.organisations.values():
        if (found.name, found.area) == (wanted.name, area):
            return found.id
    identity = new_id("organisation")
    answer = clerk.do(
        "organisation.register.v1",
        {"area": area, "kind": wanted.kind, "name": wanted.name, "organisation": identity},
    )
    return identity if answer.ok else answer


def enrolment_sheet(desk: Desk, new: KeyFile) -> str:
    """What is read aloud, signed and filed when a key is enrolled."""
    found = desk.ledger.directory.keys[new.key_id]
    post = desk.ledger.directory.posts[found.post]
    organisation = desk.ledger.directory.organisations[found.organisation]
    lines = [
        "————  密钥登记单（打印、宣读、签名、盖章、存档）  ————",
        f"台账标识  {desk.log.origin}",
        f"单位岗位  {organisation.name}  {post.title}",
        f"密钥编号  {new.key_id}",
        f"公钥指纹  {new.fingerprint}",
        f"人员编号  {found.person}",
        "持有人签名：              登记员签名：              日期：",
    ]
    return "\n".join(lines)


def adopt_rules(desk: Desk, registrars: Sequence[KeyFile]) -> Answer:
    """Adopt the rules that this program has, as the next epoch (D6). Raises NotDone when they are in force already."""
    book = desk.ledger.directory.ledger
    if book is None:
        raise NotDone("台账尚未开立")
    if book.archive == own_archive()[0]:
        raise NotDone(f"本程序的规则就是现行第 {book.epoch} 版，不必启用")
    # The archive is kept first: without the entry that names it, it is nothing, and is neither exported nor believed.
    desk.driver.put_archive(*own_archive())
    return Clerk(desk, *registrars).do("rules.adopt.v1", {"ledger": book.id, "rules": _rules(book.epoch + 1)})
