"""The ledger itself (台账): opened once, and every later edition of its rules adopted by two registrars.

The shapes of its commands and states are fixed by audit/FORMAT.md, sections 10 and 11.
"""

import hashlib
from base64 import b32encode
from typing import Annotated, Any, ClassVar, Literal

from eventsourcing.domain import event
from pydantic import Field, StringConstraints

from domain.base import Aggregate, Event
from domain.command import Payload, Value, command, table
from domain.errors import WrongBinding, WrongEpoch, WrongOpening, WrongSigners
from domain.values import Blank, FilledLine, KeyId, LedgerId, OrganisationId, PersonId, PostId, Sha256
from domain.world import Case

Suite = Literal["ed25519"]
AreaCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{6,12}$")]


def key_id(suite: str, public: str) -> str:
    """The id that belongs to a public key (FORMAT 3.5)."""
    content = b"bangfu key v1\n" + suite.encode() + b"\n" + bytes.fromhex(public)
    return "key_" + b32encode(hashlib.sha256(content).digest()).decode().lower()[:26]


class CommandRow(Value):
    command: str
    events: list[str]
    natures: list[str]


class Table(Value):
    commands: list[CommandRow]


class RulesEdition(Value):
    """An edition (版次) of the rules: the archive of this package, its table, the versions it ran with."""

    archive: Sha256
    epoch: int = Field(ge=1)
    table: Table
    versions: dict[str, str]


class FirstKey(Value):
    """A key that the opening itself enrols: the ledger's own, or a first registrar's."""

    key: KeyId
    organisation: OrganisationId | Blank
    person: PersonId | Blank
    post: PostId | Blank
    public: Sha256
    role: Literal["ledger", "registrar"]
    suite: Suite


@command(
    "ledger.open.v1",
    title="开立台账",
    may={"act": ("ledger", "registrar")},
    events=("ledger.opened.v1",),
)
class OpenLedger(Payload):
    of_any_day: ClassVar = True

    area_code: AreaCode
    area_name: FilledLine
    keys: list[FirstKey] = Field(min_length=3, max_length=8)
    ledger: LedgerId
    rules: RulesEdition

    def summary(self) -> str:
        registrars = len(self.keys) - 1
        return f"开立台账：{self.area_name}（{self.area_code}），首批登记员密钥 {registrars} 把，规则第 1 版"

    def authorise(self, case: Case) -> None:
        """Every key that is opened signs, in order: nobody is known yet (FORMAT 10)."""
        expected = [{"key": key.key, "organisation": key.organisation, "post": key.post} for key in self.keys]
        if case.command["signers"] != expected:
            raise WrongSigners("开立须由所列的全部密钥按次序签名，身份与所列一致")

    def decide(self, case: Case) -> None:
        book = case.world.create(Book, self.ledger, "台账编号")
        book.open(self, case)


@command(
    "rules.adopt.v1",
    title="启用规则",
    may={"act": ("registrar",)},
    events=("rules.adopted.v1",),
)
class AdoptRules(Payload):
    ledger: LedgerId
    rules: RulesEdition

    def summary(self) -> str:
        return f"启用规则第 {self.rules.epoch} 版，规则包 {self.rules.archive[:16]}"

    def authorise(self, case: Case) -> None:
        """Two registrars or more, of at least two persons; nobody else (FORMAT 10)."""
        case.admit_all()
        if len(case.persons) < 2:
            raise WrongSigners("启用规则须由两名不同的登记员共同签名")

    def decide(self, case: Case) -> None:
        case.world.get(Book, self.ledger, "台账").adopt(self)


class Book(Aggregate):
    """The ledger's own noun: which rules it runs by."""

    TOPIC = "ledger"

    class Opened(Event):
        TOPIC = "ledger.opened.v1"
        ledger: str
        area_code: str
        area_name: str
        keys: list[dict[str, Any]]
        archive: str
        epoch: int

    class Adopted(Event):
        TOPIC = "rules.adopted.v1"
        archive: str
        epoch: int

    def _begin(self) -> None:
        self.archive = ""
        self.epoch = 0

    def open(self, asked: OpenLedger, case: Case) -> None:
        own, *registrars = asked.keys
        if own.role != "ledger" or own.person or own.organisation or own.post:  # LEDGER-2
            raise WrongOpening("第一把密钥须是台账自身的，且不写人、单位、岗位")
        for key in registrars:
            if key.role != "registrar":
                raise WrongOpening(f"密钥 {key.key} 须是登记员的：开立只列台账自身和登记员的密钥")
            if not (key.person and key.organisation and key.post):
                raise WrongOpening(f"登记员密钥 {key.key} 须写明人、单位、岗位")
        if len({key.person for key in registrars}) < len(registrars):
            raise WrongOpening("首批登记员须至少两人，每人一把密钥")
        if len({key.key for key in asked.keys}) < len(asked.keys):
            raise WrongOpening("同一密钥不得列两次")
        for key in asked.keys:
            if key.key != key_id(key.suite, key.public):  # KEY-1
                raise WrongBinding(f"密钥编号 {key.key} 与公钥不符，应为 {key_id(key.suite, key.public)}")
        if asked.rules.epoch != 1:
            raise WrongOpening("开立时规则为第 1 版")
        if case.payload["rules"]["table"] != table():
            raise WrongOpening("规则目录与本程序的不同，请用同一程序生成")
        stated = case.payload
        self._opened(
            ledger=asked.ledger,
            area_code=asked.area_code,
            area_name=asked.area_name,
            keys=stated["keys"],
            archive=asked.rules.archive,
            epoch=1,
        )

    def adopt(self, asked: AdoptRules) -> None:
        if asked.rules.epoch != self.epoch + 1:  # LEDGER-3
            raise WrongEpoch(f"现行规则是第 {self.epoch} 版，下一版须是第 {self.epoch + 1} 版")
        self._adopted(archive=asked.rules.archive, epoch=asked.rules.epoch)

    @event(Opened)
    def _opened(
        self,
        *,
        ledger: str,
        area_code: str,
        area_name: str,
        keys: list[dict[str, Any]],
        archive: str,
        epoch: int,
    ) -> None:
        self.archive = archive
        self.epoch = epoch

    @event(Adopted)
    def _adopted(self, *, archive: str, epoch: int) -> None:
        self.archive = archive
        self.epoch = epoch
