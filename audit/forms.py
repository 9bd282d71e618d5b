"""The forms of state, statement and proof, which step 8 of verify demands (FORMAT 5.2, 5.3, 7.3, 7.4).

Form only: whether what is said agrees with the log is the business of the later steps. Everything here raises `Malformed`.
"""

from __future__ import annotations

import binascii
import re
from functools import lru_cache
from typing import Any, NamedTuple, NoReturn

from audit import canonical
from audit.entry import BATCH_BYTES_MAX, BATCH_ROWS_MAX, COMMAND_BYTES_MAX
from audit.errors import Malformed
from audit.ids import ids_in, is_id, kind

NATURES = frozenset({"act", "fact", "opening"})

NAME = r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+\.v[1-9][0-9]*"
CLOCK = r"T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
# FORMAT 1.3, the whole calendar: the days that every year has, and the last of February of a leap year.
_OF_EVERY_YEAR = (
    r"(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
)
_LEAP = r"(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)"
DAY = rf"(?:(?:19|[2-9][0-9])[0-9]{{2}}-{_OF_EVERY_YEAR}|(?!1[0-8]|0){_LEAP}-02-29)"

_name = re.compile(NAME).fullmatch
_day = re.compile(DAY).fullmatch
_moment = re.compile(rf"{DAY}{CLOCK}Z").fullmatch
_nonce = re.compile(r"[0-9a-f]{32}").fullmatch
_hash = re.compile(r"[0-9a-f]{64}").fullmatch
_key = re.compile(r"key_[a-z2-7]{26}").fullmatch
_summary = re.compile(r"[^\x00-\x1f]{1,400}").fullmatch
# FORMAT 7.4: the last of 86 characters carries four unused bits, which are zero.
_SIGNATURE = rb'\["(key_[a-z2-7]{26})","([A-Za-z0-9+/]{85}[AQgw]==)"\]'
_signature = re.compile(_SIGNATURE)
_one_signature = re.compile(rb"\[%s\]" % _SIGNATURE).fullmatch
_BANNED_KEYS = re.compile(rb'"(?:originator_topic|_type_|_data_)":')


def refuse(detail: str) -> NoReturn:
    raise Malformed(detail)


@lru_cache(maxsize=4096)
def is_name(text: str) -> bool:
    """Whether a text is the name and version of a command or event."""
    return len(text) <= 80 and _name(text) is not None


def is_day(text: str) -> bool:
    """Whether a text is a day of FORMAT 1.3."""
    return _day(text) is not None


def is_hash(value: object) -> bool:
    return type(value) is str and _hash(value) is not None


def is_key_id(value: object) -> bool:
    return type(value) is str and _key(value) is not None


@lru_cache(maxsize=4096)
def _is_id(text: str) -> bool:
    return is_id(text)


def is_id_value(value: object) -> bool:
    return type(value) is str and _is_id(value)


def is_whole(value: object, least: int) -> bool:
    """Whether a value is an integer (not a boolean) of at least so much."""
    return type(value) is int and value >= least


def has_keys(value: object, keys: frozenset[str]) -> bool:
    """Whether a value is an object with exactly these keys."""
    return type(value) is dict and value.keys() == keys


def check_state(section: bytes) -> dict[str, Any]:
    """The state of an entry, FORMAT 7.3."""
    state = canonical.decode(section)
    if type(state) is not dict:
        refuse("事件内容应为对象")
    banned = _BANNED_KEYS.search(section)
    if banned:  # canonical bytes have a quote and a colon together only after a key
        refuse(f"事件内容里有禁用的键 {banned.group().decode()[:-1]}")
    return state


class SignerLine(NamedTuple):
    """Who signs, and in which capacity."""

    key: str
    organisation: str
    post: str


class Command(NamedTuple):
    """What the procedure needs of a command, FORMAT 5.2."""

    name: str
    nature: str
    origin: str
    payload: dict[str, Any] | None  # None where nobody asks: it is read of the ledger's own commands
    signers: tuple[SignerLine, ...]
    valid_until: str
    ids: tuple[str, ...]  # those among its values, as `shapes.ids_of` takes them


class Batch(NamedTuple):
    """What the procedure needs of a batch, FORMAT 5.3."""

    id: str
    origin: str
    root: bytes
    rows: int
    sha256: str
    sum_fen: int
    signers: tuple[SignerLine, ...]
    valid_until: str
    ids: tuple[str, ...]


_COMMAND_KEYS = frozenset(
    {
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
    }
)
_BATCH_KEYS = frozenset(
    {"batch", "nonce", "origin", "root", "rows", "signed_at", "signers", "source", "summary", "valid_until"}
)
_SIGNER_KEYS = frozenset({"key", "organisation", "post"})
_SOURCE_KEYS = frozenset({"sha256", "sum_fen"})
_MEMBERSHIP_KEYS = frozenset({"batch", "index", "path"})


def statement_of(section: bytes) -> Command | Batch:
    """The command or batch that a statement is."""
    value = canonical.decode(section)
    if has_keys(value, _COMMAND_KEYS):
        if len(section) > COMMAND_BYTES_MAX:
            refuse(f"指令长 {len(section)} 字节，上限 {COMMAND_BYTES_MAX}")
        return _command_of(value, tuple(ids_in(section)))
    if has_keys(value, _BATCH_KEYS):
        if len(section) > BATCH_BYTES_MAX:
            refuse(f"批次文书长 {len(section)} 字节，上限 {BATCH_BYTES_MAX}")
        return _batch_of(value, tuple(ids_in(section)))
    return refuse("陈述的键既不是指令的（5.2），也不是批次的（5.3）")


def _check_common(value: dict[str, Any]) -> None:
    nonce, signed_at, valid_until = value["nonce"], value["signed_at"], value["valid_until"]
    if type(nonce) is not str or not _nonce(nonce):
        refuse("nonce 应为 32 个小写十六进制字符")
    if type(value["origin"]) is not str:
        refuse("origin 应为字符串")
    if type(signed_at) is not str or not _moment(signed_at):
        refuse("signed_at 不是时刻")
    if type(value["summary"]) is not str or not _summary(value["summary"]):
        refuse("summary 应为 1 至 400 个字符的一行")
    if type(valid_until) is not str or not is_day(valid_until):
        refuse("valid_until 不是日期")


@lru_cache(maxsize=4096)
def _signer_line(key: str, organisation: str, post: str) -> SignerLine:
    if not is_key_id(key):
        refuse("signers 的 key 不是密钥编号")
    if not all(part == "" or is_id(part) for part in (organisation, post)):
        refuse("signers 的 organisation、post 应为编号或空")
    return SignerLine(key, organisation, post)


def signers_of(value: object) -> tuple[SignerLine, ...]:
    if type(value) is not list or not 1 <= len(value) <= 8:
        refuse("signers 应有 1 至 8 人")
    signers = []
    for signer in value:
        if not has_keys(signer, _SIGNER_KEYS) or not all(type(part) is str for part in signer.values()):
            refuse("signers 的每项应恰有 key、organisation、post，均为文字")
        signers.append(_signer_line(signer["key"], signer["organisation"], signer["post"]))
    if len(signers) == 1:
        return (signers[0],)
    if len({signer.key for signer in signers}) < len(signers):
        refuse("signers 里有重复的密钥")
    return tuple(signers)


def _command_of(value: dict[str, Any], ids: tuple[str, ...]) -> Command:
    name, nature, occurred_on, seen = value["command"], value["nature"], value["occurred_on"], value["seen"]
    if type(name) is not str or not is_name(name):
        refuse("command 不是指令名")
    if type(nature) is not str or nature not in NATURES:
        refuse("nature 应为 act、fact 或 opening")
    if type(occurred_on) is not str or not is_day(occurred_on):
        refuse("occurred_on 不是日期")
    if type(value["payload"]) is not dict:
        refuse("payload 应为对象")
    _check_seen(seen)
    _check_common(value)
    return Command(
        name,
        nature,
        value["origin"],
        value["payload"],
        signers_of(value["signers"]),
        value["valid_until"],
        ids,
    )


def _check_seen(seen: object) -> None:
    if type(seen) is not list:
        refuse("seen 应为数组")
    before = ""
    for row in seen:
        if type(row) is not list or len(row) != 2 or not is_id_value(row[0]) or not is_whole(row[1], 0):
            refuse("seen 的每项应为 [编号,次数]")
        if not before < row[0]:
            refuse("seen 未按编号严格升序")
        before = row[0]


def batch_summary(rows: int, sum_fen: int, sha256: str) -> str:
    """The summary that FORMAT 5.3 gives a batch."""
    yuan, fen = divmod(abs(sum_fen), 100)
    return f"批量 {rows} 行，合计 {'-' if sum_fen < 0 else ''}{yuan}.{fen:02d} 元，文件 {sha256[:16]}"


def _batch_of(value: dict[str, Any], ids: tuple[str, ...]) -> Batch:
    id_, root, rows, source = value["batch"], value["root"], value["rows"], value["source"]
    if not is_id_value(id_) or kind(id_) != "batch":
        refuse("batch 应为批次编号")
    if not is_hash(root):
        refuse("root 应为哈希")
    if not is_whole(rows, 1) or rows > BATCH_ROWS_MAX:
        refuse(f"rows 应为 1 至 {BATCH_ROWS_MAX}")
    if (
        not has_keys(source, _SOURCE_KEYS)
        or not is_hash(source["sha256"])
        or type(source["sum_fen"]) is not int
    ):
        refuse("source 应恰有 sha256 和 sum_fen")
    _check_common(value)
    expected = batch_summary(rows, source["sum_fen"], source["sha256"])
    if value["summary"] != expected:
        refuse(f"批次摘要应为“{expected}”")
    return Batch(
        id=id_,
        origin=value["origin"],
        root=bytes.fromhex(root),
        rows=rows,
        sha256=source["sha256"],
        sum_fen=source["sum_fen"],
        signers=signers_of(value["signers"]),
        valid_until=value["valid_until"],
        ids=ids,
    )


Signatures = list[tuple[str, bytes]]


class Membership(NamedTuple):
    """The proof of a batch member."""

    batch: int
    row: int
    path: tuple[bytes, ...]


def proof_of(section: bytes) -> Signatures | Membership:
    """The proof that an entry carries, FORMAT 7.4."""
    one = _one_signature(section)
    if one:
        return [(one[1].decode(), binascii.a2b_base64(one[2]))]
    if section[:1] == b"[":
        rows = _signature.findall(section)
        if section != b"[" + b",".join([b'["%s","%s"]' % row for row in rows]) + b"]":
            refuse("证明应为 [[密钥编号,Base64 签名],…]")
        return [(key.decode(), binascii.a2b_base64(signature)) for key, signature in rows]
    value = canonical.decode(section)
    if not has_keys(value, _MEMBERSHIP_KEYS):
        refuse("证明既不是签名数组，也不恰有 batch、index、path")
    batch, index, path = value["batch"], value["index"], value["path"]
    if not is_whole(batch, 0) or not is_whole(index, 0):
        refuse("证明的 batch、index 应为不小于 0 的整数")
    if type(path) is not list or not all(is_hash(node) for node in path):
        refuse("证明的 path 应为哈希数组")
    return Membership(batch, index, tuple(bytes.fromhex(node) for node in path))
