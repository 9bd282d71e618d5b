"""The door: bytes from outside become a `Signed` command, or an unsigned refusal (FORMAT 5, D1).

Everything here is about form and signatures. Whether the signer may do it is the domain's to decide.
What replay cannot repeat is decided here only: NFC, and that a payload states the ids it names (FORMAT 5.2).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from audit import canonical, dsse, suites
from audit.entry import BATCH_BYTES_MAX, BATCH_ROWS_MAX, COMMAND_BYTES_MAX
from audit.errors import Malformed
from audit.ids import ID_BYTES_MAX, is_id, key_id
from audit.merkle import leaf_hash, root_of
from domain.record import Signed, SignedBatch

COMMAND_FIELDS = frozenset(
    [
        "command",
        "nature",
        "nonce",
        "occurred_on",
        "origin",
        "payload",
        "seen",
        "signed_at",
        "signers",
        "summary",
        "valid_until",
    ]
)
BATCH_FIELDS = frozenset(
    ["batch", "nonce", "origin", "root", "rows", "signed_at", "signers", "source", "summary", "valid_until"]
)
_SIGNER_FIELDS = frozenset(["key", "organisation", "post"])
_SOURCE_FIELDS = frozenset(["sha256", "sum_fen"])
_name = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+\.v[1-9][0-9]*").fullmatch
_nonce = re.compile(r"[0-9a-f]{32}").fullmatch
_key = re.compile(r"key_[a-z2-7]{26}").fullmatch
_moment = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z").fullmatch
_summary = re.compile(r"[^\x00-\x1f]{1,400}").fullmatch
_batch = re.compile(r"batch_[a-z2-7]{26}").fullmatch
_hash = re.compile(r"[0-9a-f]{64}").fullmatch

PublicKey = Callable[[str], bytes | None]
"""The public key of a key id that the ledger knows, good or not; None when it knows none."""


class NotAdmitted(Exception):
    """An unsigned refusal: no good signature was established. `code` is stable, `rule` a section of FORMAT."""

    def __init__(self, code: str, rule: str, message: str) -> None:
        super().__init__(message)
        self.code, self.rule, self.message = code, rule, message


def _document(body: bytes, limit: int, what: str) -> dict[str, Any]:
    if len(body) > limit:
        raise NotAdmitted("too_large", "FORMAT-16", f"{what}有 {len(body)} 字节，最多 {limit} 字节")
    try:
        value = canonical.decode(body)
    except canonical.NotCanonical as error:
        raise NotAdmitted("not_canonical", "FORMAT-2", f"{what}不是规范 JSON：{error}") from None
    if not isinstance(value, dict):
        raise NotAdmitted("bad_form", "FORMAT-5", f"{what}应是对象")
    if not unicodedata.is_normalized("NFC", body.decode()):
        raise NotAdmitted("not_nfc", "FORMAT-2", f"{what}含未按 NFC 规范化的文字")
    return value


def _wrong(what: str) -> NotAdmitted:
    return NotAdmitted("bad_form", "FORMAT-5", what)


# Names, days and capacities come again and again. Only what is short is remembered: nobody has signed for it yet.


@lru_cache(maxsize=4096)
def _is_name(text: str) -> bool:
    return _name(text) is not None


@lru_cache(maxsize=4096)
def _is_real_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text and text >= "1900"
    except ValueError:
        return False


@lru_cache(maxsize=4096)
def _is_real_moment(text: str) -> bool:
    if not _moment(text):
        return False
    try:
        return datetime.fromisoformat(text.removesuffix("Z")).year >= 1900
    except ValueError:
        return False


@lru_cache(maxsize=4096)
def _is_capacity(text: str) -> bool:
    return text == "" or is_id(text)


def _is_day(value: object) -> bool:
    return type(value) is str and len(value) == 10 and _is_real_day(value)


def _is_moment(value: object) -> bool:
    return type(value) is str and len(value) == 20 and _is_real_moment(value)


def _check_signers(signers: object, what: str) -> None:
    if type(signers) is not list or not 1 <= len(signers) <= dsse.SIGNERS_MAX:
        raise _wrong(f"{what}的 signers 应有 1 至 8 人")
    for signer in signers:
        if (
            type(signer) is not dict
            or signer.keys() != _SIGNER_FIELDS
            or set(map(type, signer.values())) != {str}
        ):
            raise _wrong(f"{what}的 signers 每项应恰有 key、organisation、post")
        if not _key(signer["key"]):
            raise _wrong(f"{what}的 signers 有不合规则的密钥号")
        for part in (signer["organisation"], signer["post"]):
            if len(part) > ID_BYTES_MAX or not _is_capacity(part):
                raise _wrong(f"{what}的 signers 的 organisation、post 应为编号或空")
    if len(signers) > 1 and len({signer["key"] for signer in signers}) < len(signers):
        raise _wrong(f"{what}的 signers 有重复的密钥")


def _check_common(value: dict[str, Any], what: str) -> None:
    nonce, summary = value["nonce"], value["summary"]
    if type(nonce) is not str or not _nonce(nonce):
        raise _wrong(f"{what}的 nonce 应为 32 位十六进制")
    if type(value["origin"]) is not str:
        raise _wrong(f"{what}的 origin 应为文字")
    if not _is_moment(value["signed_at"]):
        raise _wrong(f"{what}的 signed_at 应为 YYYY-MM-DDTHH:MM:SSZ")
    if not _is_day(value["valid_until"]):
        raise _wrong(f"{what}的 valid_until 应为日期")
    if type(summary) is not str or not _summary(summary):
        raise _wrong(f"{what}的 summary 应为一行 1 至 400 字")
    _check_signers(value["signers"], what)


def _check_seen(seen: object) -> None:
    if type(seen) is not list:
        raise _wrong("seen 应为列表")
    for row in seen:
        if (
            type(row) is not list
            or len(row) != 2
            or type(row[0]) is not str
            or type(row[1]) is not int
            or not is_id(row[0])
            or row[1] < 0
        ):
            raise _wrong("seen 每项应为 [编号, 次数]")
    order = [row[0] for row in seen]  # UTF-8 keeps the order of code points
    if order != sorted(set(order)):
        raise _wrong("seen 应按编号升序、不重复")


def check_command(body: bytes) -> dict[str, Any]:
    """FORMAT 5.2. Raises NotAdmitted."""
    value = _document(body, COMMAND_BYTES_MAX, "指令")
    if value.keys() != COMMAND_FIELDS:
        raise _wrong("指令的栏目不全或多余")
    name = value["command"]
    if type(name) is not str or len(name) > 80 or not _is_name(name):
        raise _wrong("指令名不合规则")
    if value["nature"] not in ("act", "fact", "opening"):
        raise _wrong("nature 应为 act、fact 或 opening")
    if not _is_day(value["occurred_on"]):
        raise _wrong("occurred_on 应为日期")
    if type(value["payload"]) is not dict:
        raise _wrong("payload 应为对象")
    _check_seen(value["seen"])
    _check_common(value, "指令")
    return value


def _check_signatures(envelope: dsse.Envelope, value: dict[str, Any], public_key: PublicKey) -> None:
    """The signatures are by the signers of a statement, in order, and good (FORMAT 5.2, 4)."""
    stated = [signer["key"] for signer in value["signers"]]
    if [key for key, _ in envelope.signatures] != stated:
        raise NotAdmitted("wrong_signers", "FORMAT-5", "信封的签名与 signers 不一致")
    message = dsse.pae(envelope.kind, envelope.body)
    for key, signature in envelope.signatures:
        public = public_key(key)
        if public is None:
            origin = value["origin"][:80]
            written_for = (
                f"；所签的是写给台账 {origin} 的，请核对是不是本台账"
                if origin and origin.isprintable()
                else ""
            )
            raise NotAdmitted("unknown_key", "AUTH-1", f"密钥 {key} 未登记，请先由登记员登记{written_for}")
        if not suites.verify(suites.ED25519, public, signature, message):
            raise NotAdmitted("bad_signature", "FORMAT-4", f"密钥 {key} 的签名不对")


def _new_keys(command: dict[str, Any]) -> dict[str, bytes]:
    """The keys that a command itself brings and that sign it: those of the opening, or the one being enrolled."""
    payload = command["payload"]
    rows = payload.get("keys") if command["command"] == "ledger.open.v1" else None
    if command["command"] == "key.enrol.v1":
        rows = [payload]
    found = {}
    for row in rows if isinstance(rows, list) else ():
        if not isinstance(row, dict):
            continue
        suite, public = row.get("suite"), row.get("public")
        if not isinstance(suite, str) or not isinstance(public, str) or not _hash(public):
            raise NotAdmitted("bad_key", "FORMAT-4", "新密钥的 suite 或 public 不对")
        raw = bytes.fromhex(public)
        try:
            suites.check_public_key(suite, raw)
        except suites.BadKey as error:
            raise NotAdmitted("bad_key", "FORMAT-4", str(error)) from None
        if row.get("key") != key_id(suite, raw):
            raise NotAdmitted("bad_key", "FORMAT-3", "密钥号与公钥不符")
        found[key_id(suite, raw)] = raw
    return found


def admit(envelope: dsse.Envelope, public_key: PublicKey) -> Signed:
    """A command with good signatures. Raises NotAdmitted."""
    if envelope.kind != dsse.COMMAND:
        raise NotAdmitted("bad_form", "FORMAT-5", "此处只收指令")
    command = check_command(envelope.body)
    brought = _new_keys(command)
    _check_signatures(envelope, command, lambda key: public_key(key) or brought.get(key))
    return _signed(envelope.body, command, envelope.signatures)


def _signed(body: bytes, command: dict[str, Any], signatures: tuple[tuple[str, bytes], ...]) -> Signed:
    texts = tuple((key, dsse.b64(raw)) for key, raw in signatures)
    return Signed(dsse.statement_id(dsse.COMMAND, body).hex(), body, command, texts)


def batch_summary(rows: int, sum_fen: int, sha256: str) -> str:
    """FORMAT 5.3."""
    sign = "-" if sum_fen < 0 else ""
    yuan, fen = divmod(abs(sum_fen), 100)
    return f"批量 {rows} 行，合计 {sign}{yuan}.{fen:02d} 元，文件 {sha256[:16]}"


def _check_batch(value: dict[str, Any], members: int) -> None:
    """The form of a batch that brings so many commands, FORMAT 5.3."""
    if value.keys() != BATCH_FIELDS:
        raise _wrong("批次的栏目不全或多余")
    _check_common(value, "批次")
    rows, source, batch = value["rows"], value["source"], value["batch"]
    if type(batch) is not str or not _batch(batch):
        raise _wrong("batch 应为批次编号")
    if type(rows) is not int or not 1 <= rows <= BATCH_ROWS_MAX:
        raise _wrong(f"批次应有 1 至 {BATCH_ROWS_MAX} 行")
    if type(source) is not dict or source.keys() != _SOURCE_FIELDS:
        raise _wrong("source 应恰有 sha256、sum_fen")
    if type(source["sha256"]) is not str or not _hash(source["sha256"]):
        raise _wrong("source.sha256 应为哈希")
    if type(source["sum_fen"]) is not int:
        raise _wrong("source.sum_fen 应为整数（分）")
    if members != rows:
        raise _wrong(f"批次声明 {rows} 行，实有 {members} 行")


def admit_batch(envelope: dsse.Envelope, bodies: list[bytes], public_key: PublicKey) -> SignedBatch:
    """A batch with good signatures, whose commands are those that its root names. Raises NotAdmitted."""
    if envelope.kind != dsse.BATCH:
        raise NotAdmitted("bad_form", "FORMAT-5", "此处只收批次")
    value = _document(envelope.body, BATCH_BYTES_MAX, "批次")
    _check_batch(value, len(bodies))
    source = value["source"]
    summary = batch_summary(len(bodies), source["sum_fen"], source["sha256"])
    if value["summary"] != summary:
        raise NotAdmitted("wrong_summary", "FORMAT-5", f"批次摘要应为“{summary}”")
    if root_of([leaf_hash(body) for body in bodies]).hex() != value["root"]:
        raise NotAdmitted("wrong_root", "FORMAT-5", "批次的指令与其根不符")
    _check_signatures(envelope, value, public_key)
    members = []
    for index, body in enumerate(bodies):
        try:
            command = check_command(body)
        except NotAdmitted as error:
            raise NotAdmitted(error.code, error.rule, f"第 {index} 条：{error.message}") from None
        if command["origin"] != value["origin"] or command["signers"] != value["signers"]:
            raise NotAdmitted("bad_form", "FORMAT-5", f"第 {index} 条的 origin 或 signers 与批次不同")
        members.append(_signed(body, command, ()))
    texts = tuple((key, dsse.b64(raw)) for key, raw in envelope.signatures)
    return SignedBatch(
        dsse.statement_id(dsse.BATCH, envelope.body).hex(), envelope.body, value, texts, tuple(members)
    )


def batch_of(value: object) -> tuple[dsse.Envelope, list[bytes]]:
    """A batch in a parsed JSON value, as FORMAT 5.3 puts it on the wire. Raises Malformed."""
    if (
        not isinstance(value, dict)
        or set(value) != {"commands", "envelope"}
        or not isinstance(value["commands"], list)
    ):
        raise Malformed("批次应恰有 commands 和 envelope")
    if len(value["commands"]) > BATCH_ROWS_MAX or not all(
        isinstance(text, str) for text in value["commands"]
    ):
        raise Malformed(f"批次应有 1 至 {BATCH_ROWS_MAX} 条指令")
    return dsse.envelope_of(value["envelope"]), [dsse.unb64(text) for text in value["commands"]]
