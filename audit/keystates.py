"""Who may sign and what may be done: keys, rules epochs and genesis as the log itself states them (FORMAT 10 and 11).

A verifier needs no domain for this: the ledger's own commands and events have fixed forms. Everything here raises `Malformed`;
`verify` gives it the step.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, NamedTuple

from audit import canonical, suites
from audit.forms import (
    NATURES,
    Command,
    SignerLine,
    has_keys,
    is_hash,
    is_id_value,
    is_key_id,
    is_name,
    is_whole,
    refuse,
)
from audit.headers import Header
from audit.ids import key_id, kind

OPEN, OPENED = "ledger.open.v1", "ledger.opened.v1"
ADOPT, ADOPTED = "rules.adopt.v1", "rules.adopted.v1"
ENROL, ENROLLED = "key.enrol.v1", "key.enrolled.v1"
REVOKED, LOST, COMPROMISED = "key.revoked.v1", "key.lost.v1", "key.compromised.v1"

# FORMAT 10: the ledger's own commands, each with its one event.
EVENT_OF = {
    OPEN: OPENED,
    ADOPT: ADOPTED,
    ENROL: ENROLLED,
    "key.revoke.v1": REVOKED,
    "key.report_lost.v1": LOST,
    "key.report_compromise.v1": COMPROMISED,
}
COMMAND_OF = {event: command for command, event in EVENT_OF.items()}
_LEDGER_MAY_SIGN = ("log.", "time.", "index.")
ENDINGS = frozenset({REVOKED, LOST, COMPROMISED})
KEY_EVENTS = ENDINGS | {ENROLLED}
_SELF_REPORTED = frozenset({LOST, COMPROMISED})

_area_code = re.compile(r"[0-9]{6,12}").fullmatch
_GENESIS_KEYS = frozenset({"area_code", "area_name", "keys", "ledger", "rules"})
_ADOPT_KEYS = frozenset({"ledger", "rules"})
_KEY_KEYS = frozenset({"key", "organisation", "person", "post", "public", "role", "suite"})
_REVOKED_KEYS = frozenset({"key", "reason"})
_COMPROMISED_KEYS = frozenset({"from_position", "key", "reason"})
_RULES_KEYS = frozenset({"archive", "epoch", "table", "versions"})
_TABLE_KEYS = frozenset({"commands"})
_ROW_KEYS = frozenset({"command", "events", "natures"})


class Row(NamedTuple):
    """What a table allows for one command."""

    events: frozenset[str]
    natures: frozenset[str]


@dataclass(frozen=True, slots=True)
class Rules:
    """An epoch: its archive and its table."""

    epoch: int
    archive: str
    table: dict[str, Row]

    @classmethod
    def of(cls, value: object, epoch: int) -> Rules:
        """FORMAT 11.3, for the epoch that must stand there."""
        if not has_keys(value, _RULES_KEYS):
            refuse("rules 应恰有 archive、epoch、table、versions")
        assert isinstance(value, dict)
        if not is_hash(value["archive"]):
            refuse("rules.archive 应为哈希")
        if type(value["epoch"]) is not int or value["epoch"] != epoch:
            refuse(f"rules.epoch 应为 {epoch}")
        versions = value["versions"]
        if type(versions) is not dict or not all(type(text) is str for text in versions.values()):
            refuse("rules.versions 应为名称到版本的对象")
        return cls(epoch, value["archive"], _table_of(value["table"]))

    def check(self, command: str, nature: str, event: str, n: int) -> None:
        """FORMAT 11.4."""
        row = self.table.get(command)
        if row is None:
            refuse(f"指令 {command} 不在第 {self.epoch} 期规则表中")
        if nature not in row.natures:
            refuse(f"指令 {command} 不允许性质 {nature}")
        if event not in row.events:
            refuse(f"指令 {command} 不产生事件 {event}")
        if EVENT_OF.get(command, event) != event or COMMAND_OF.get(event, command) != command:
            refuse(f"指令 {command} 与事件 {event} 不是第 10 节规定的一对")
        if command in EVENT_OF and n != 1:
            refuse(f"指令 {command} 只有一个事件")


def _table_of(value: object) -> dict[str, Row]:
    if not has_keys(value, _TABLE_KEYS):
        refuse("table 应恰有 commands")
    assert isinstance(value, dict)
    rows = value["commands"]
    if type(rows) is not list or not rows:
        refuse("table.commands 应为非空数组")
    table: dict[str, Row] = {}
    before = ""
    for row in rows:
        if not has_keys(row, _ROW_KEYS):
            refuse("table 的每行应恰有 command、events、natures")
        command, events, natures = row["command"], row["events"], row["natures"]
        if type(command) is not str or not is_name(command) or not before < command:
            refuse("table 的指令名应合规则并严格升序")
        if not _ascending(events) or not all(is_name(event) for event in events):
            refuse(f"table 中 {command} 的 events 应为严格升序的事件名")
        if not _ascending(natures) or not NATURES.issuperset(natures):
            refuse(f"table 中 {command} 的 natures 应为严格升序的性质")
        table[command] = Row(frozenset(events), frozenset(natures))
        before = command
    return table


def _says(state: dict[str, Any] | None, expected: dict[str, Any] | None) -> bool:
    # As bytes: to Python `true` equals 1, to a reader of JSON it does not.
    return canonical.encode_trusted(state) == canonical.encode_trusted(expected)


def check_payload(state: dict[str, Any], command: Command) -> None:
    """FORMAT 10.1: what became of a key is what was signed."""
    if not _says(state, command.payload):
        refuse("密钥事件的内容与所签的不同")


def _ascending(value: object) -> bool:
    """Whether a value is an array of strings, strictly ascending, not empty."""
    if type(value) is not list or not value or not all(type(text) is str for text in value):
        return False
    return all(left < right for left, right in pairwise(value))


@dataclass(frozen=True, slots=True)
class Key:
    """A key as the log has enrolled it; `is_good` from the next position on."""

    id: str
    person: str
    role: str
    public: bytes
    is_good: bool = True


def _key_of(value: object) -> Key:
    """FORMAT 10.1: the state of an enrolment, or a row of the keys of entry 0."""
    if not has_keys(value, _KEY_KEYS):
        refuse("密钥应恰有 key、organisation、person、post、public、role、suite")
    assert isinstance(value, dict)
    if not all(
        part == "" or is_id_value(part) for part in (value["organisation"], value["person"], value["post"])
    ):
        refuse("密钥的 organisation、person、post 应为编号或空")
    if type(value["role"]) is not str or not value["role"]:
        refuse("密钥的 role 应为非空文字")
    if not is_hash(value["public"]) or type(value["suite"]) is not str:
        refuse("密钥的 public 应为 64 个小写十六进制字符，suite 应为文字")
    public = bytes.fromhex(value["public"])
    suites.check_public_key(value["suite"], public)
    if value["key"] != key_id(value["suite"], public):
        refuse(f"密钥编号 {value['key']} 不是由其公钥导出的 {key_id(value['suite'], public)}")
    return Key(value["key"], value["person"], value["role"], public)


@dataclass(frozen=True, slots=True)
class Genesis:
    """What entry 0 founds: the ledger, its keys, the rules of epoch 1."""

    ledger: str
    area_code: str
    keys: tuple[Key, ...]
    rules: Rules


def genesis_of(header: Header, state: dict[str, Any] | None, command: Command) -> Genesis:
    """FORMAT 11.1, without the origin."""
    if (header.event, header.i, header.n) != (OPENED, 1, 1) or command.name != OPEN:
        refuse(f"第 0 号应是指令 {OPEN} 的唯一事件 {OPENED}")
    payload = command.payload
    if payload is None or not has_keys(payload, _GENESIS_KEYS):
        refuse("开账的 payload 应恰有 area_code、area_name、keys、ledger、rules")
    area_code, area_name, ledger = payload["area_code"], payload["area_name"], payload["ledger"]
    if type(area_code) is not str or not _area_code(area_code) or type(area_name) is not str:
        refuse("area_code 应为 6 至 12 位数字，area_name 应为文字")
    if not is_id_value(ledger) or kind(ledger) != "ledger" or header.stream != ledger:
        refuse("ledger 应为账本编号，并为本分录的流")
    rules = Rules.of(payload["rules"], 1)
    expected = {name: payload[name] for name in ("area_code", "area_name", "keys", "ledger")}
    if not _says(state, {**expected, "archive": rules.archive, "epoch": 1}):
        refuse("开账的事件内容与指令不符")
    if type(payload["keys"]) is not list:
        refuse("keys 应为数组")
    return Genesis(ledger, area_code, _first_keys(payload["keys"]), rules)


def _first_keys(rows: list[Any]) -> tuple[Key, ...]:
    keys = tuple(_key_of(row) for row in rows)
    if [key.role for key in keys[:1]] != ["ledger"] or any(
        rows[0][name] for name in ("organisation", "person", "post")
    ):
        refuse("keys 的第一把应是台账密钥，不属于任何人")
    registrars = keys[1:]
    if len(registrars) < 2 or any(key.role != "registrar" or not key.person for key in registrars):
        refuse("keys 在台账密钥之后应有至少两把登记员密钥，别无其他")
    if len({key.person for key in registrars}) < len(registrars):
        refuse("keys 的登记员应为不同的人")
    return keys


class KeyBook:
    """The keys of the log so far: who is good for the next entry, and what the entries say of keys (FORMAT 10)."""

    def __init__(self, ledger_key: bytes) -> None:
        self._keys: dict[str, Key] = {}
        self._ledger_key = key_id(suites.ED25519, ledger_key)
        self.compromised: dict[str, int] = {}

    def public(self, key: str) -> bytes:
        return self._keys[key].public

    def open(self, keys: Sequence[Key]) -> None:
        """The keys of entry 0, good for entry 0 already."""
        self._keys = {key.id: key for key in keys}

    def check_signers(self, command: Command | None, signers: Sequence[SignerLine], new: Key | None) -> None:
        """FORMAT 10.2: every signer good, and the ledger's key only on what is the ledger's. `command` is None for a batch."""
        for signer in signers:
            if new is not None and signer.key == new.id:
                continue
            key = self._keys.get(signer.key)
            if key is None:
                refuse(f"签名人 {signer.key} 此前没有登记")
            if not key.is_good:
                refuse(f"签名人 {signer.key} 的密钥此前已停用、报失或报泄露")
            if key.id == self._ledger_key and (
                command is None or not (command.name == OPEN or command.name.startswith(_LEDGER_MAY_SIGN))
            ):
                refuse("台账密钥只能签署开账和 log.、time.、index. 指令")

    @staticmethod
    def check_open(signers: Sequence[SignerLine], keys: Sequence[Key]) -> None:
        """FORMAT 10: entry 0 is signed by every one of its keys, in order."""
        if [signer.key for signer in signers] != [key.id for key in keys]:
            refuse("开账应由 keys 的每把密钥依次签署")

    def check_adoption(self, signers: Sequence[SignerLine]) -> None:
        """FORMAT 10: two or more registrars, at least two persons."""
        keys = [self._keys[signer.key] for signer in signers]
        registrars = [key for key in keys if key.role == "registrar"]
        if len(registrars) < len(keys) or len({key.person for key in registrars}) < 2:
            refuse("启用规则应由两名以上登记员签署，至少两人")

    def new_key(self, header: Header, state: dict[str, Any], signers: Sequence[SignerLine]) -> Key:
        """FORMAT 10, 10.1: the key that an enrolment introduces."""
        new = _key_of(state)
        self._check_stream(header, state)
        if new.role == "ledger":
            refuse("以后登记的密钥不得以 ledger 为角色")
        if new.role == "registrar" and not new.person:
            refuse("登记员的密钥应属于一个人")
        if new.id in self._keys:
            refuse(f"密钥 {new.id} 此前已在账上")
        *by, last = signers
        if last.key != new.id or not all(map(self._is_registrar, by)):
            refuse("密钥登记应由登记员和新密钥依次签署")
        if new.role == "registrar":
            if len(by) != 2 or not self._are_two_persons(by):
                refuse("登记员的密钥应由两名登记员和新密钥依次签署，两名登记员不是同一人")
        elif len(by) != 1:
            refuse("密钥登记应由一名登记员和新密钥依次签署")
        return new

    def check_ending(self, header: Header, state: dict[str, Any], signers: Sequence[SignerLine]) -> None:
        """FORMAT 10: revocation, loss, compromise."""
        keys = _COMPROMISED_KEYS if header.event == COMPROMISED else _REVOKED_KEYS
        if not has_keys(state, keys) or type(state["reason"]) is not str:
            refuse(f"{header.event} 的内容应恰有 {'、'.join(sorted(keys))}")
        if header.event == COMPROMISED and not is_whole(state["from_position"], 0):
            refuse("from_position 应为位置")
        self._check_stream(header, state)
        if state["key"] not in self._keys:
            refuse(f"密钥 {state['key']} 此前没有登记")
        if header.event in _SELF_REPORTED and signers[0].key == state["key"]:
            return
        if not self._is_registrar(signers[0]):
            refuse(f"{header.event} 应先由登记员签署")
        if self._keys[state["key"]].role == "registrar":
            two = signers[:2]
            if len(two) < 2 or not all(map(self._is_registrar, two)) or not self._are_two_persons(two):
                refuse(f"{header.event} 结束登记员的密钥，应先由两名登记员签署")
            if state["key"] in {signer.key for signer in two}:
                refuse(f"{header.event} 结束登记员的密钥，应由另外两名登记员签署")

    def enrol(self, key: Key) -> None:
        self._keys[key.id] = key

    def end(self, header: Header, state: dict[str, Any]) -> None:
        """From the next position on the key is not good."""
        self._keys[state["key"]] = replace(self._keys[state["key"]], is_good=False)
        if header.event == COMPROMISED:
            since = state["from_position"]
            self.compromised[state["key"]] = min(since, self.compromised.get(state["key"], since))

    def _is_registrar(self, signer: SignerLine) -> bool:
        # Whether the key is still good is asked once, of all signers, in `check_signers`.
        key = self._keys.get(signer.key)
        return key is not None and key.role == "registrar"

    def _are_two_persons(self, signers: Sequence[SignerLine]) -> bool:
        return len({self._keys[signer.key].person for signer in signers}) == 2

    @staticmethod
    def _check_stream(header: Header, state: dict[str, Any]) -> None:
        if not is_key_id(state["key"]) or state["key"] != header.stream:
            refuse("密钥事件的 key 应为密钥编号，并为本分录的流")


def adoption_of(
    state: dict[str, Any] | None, payload: dict[str, Any] | None, ledger: str, epoch: int
) -> Rules:
    """FORMAT 11.3, 11.4: the rules that begin after this entry."""
    if payload is None or not has_keys(payload, _ADOPT_KEYS) or payload["ledger"] != ledger:
        refuse("启用规则的 payload 应恰有 ledger（本账本）和 rules")
    rules = Rules.of(payload["rules"], epoch + 1)
    if not _says(state, {"archive": rules.archive, "epoch": rules.epoch}):
        refuse("启用规则的事件内容与指令不符")
    return rules
