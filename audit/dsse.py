"""Signed statements, FORMAT 5.1 (DSSE v1.0.2): what is signed, its id, and the envelope it travels in."""

from __future__ import annotations

import binascii
import hashlib
import json
from dataclasses import dataclass
from typing import Any

from audit.errors import Malformed
from audit.suites import Signer

COMMAND = "application/vnd.bangfu.command.v1+json"
BATCH = "application/vnd.bangfu.batch.v1+json"
ANSWER = "application/vnd.bangfu.answer.v1+json"
SIGNERS_MAX = 8


def pae(kind: str, body: bytes) -> bytes:
    """The pre-authentication encoding: the bytes that are signed."""
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind.encode("ascii"), len(body), body)


def statement_id(kind: str, body: bytes) -> bytes:
    """SHA-256 of the PAE: the id of a command, batch or answer, whatever its envelope looked like."""
    return hashlib.sha256(pae(kind, body)).digest()


def b64(data: bytes) -> str:
    return binascii.b2a_base64(data, newline=False).decode("ascii")


def unb64(text: str) -> bytes:
    """FORMAT 1.2: one text for one byte string. Raises Malformed."""
    try:
        data = binascii.a2b_base64(text, strict_mode=True)
    except ValueError:  # of which binascii.Error is one
        raise Malformed("不是标准 Base64") from None
    if binascii.b2a_base64(data, newline=False) != text.encode():
        raise Malformed("Base64 写法不规范")
    return data


@dataclass(frozen=True, slots=True)
class Envelope:
    """A statement with its signatures, (key id, raw signature) each."""

    kind: str
    body: bytes
    signatures: tuple[tuple[str, bytes], ...]


def signed(kind: str, body: bytes, *signers: Signer) -> Envelope:
    """Sign a body with each signer, in order."""
    message = pae(kind, body)
    return Envelope(kind, body, tuple((signer.key_id, signer.sign(message)) for signer in signers))


def envelope_json(envelope: Envelope) -> dict[str, Any]:
    return {
        "payload": b64(envelope.body),
        "payloadType": envelope.kind,
        "signatures": [{"keyid": key, "sig": b64(signature)} for key, signature in envelope.signatures],
    }


def print_envelope(envelope: Envelope) -> bytes:
    return json.dumps(envelope_json(envelope), indent=1).encode() + b"\n"


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Malformed("信封里有重复的键")
    return found


_parse = json.JSONDecoder(object_pairs_hook=_unique).decode


def strict_json(text: bytes) -> Any:
    """JSON from outside whose encoding is not part of the record: strict about double keys. Raises Malformed."""
    try:
        return _parse(text.decode(json.detect_encoding(text), "surrogatepass"))  # as json.loads does
    except json.JSONDecodeError as error:
        raise Malformed(f"不是 JSON：第 {error.lineno} 行第 {error.colno} 个字附近写法不对") from None
    except (ValueError, RecursionError) as error:
        raise Malformed(f"不是 JSON：{error}") from None


def envelope_of(value: object) -> Envelope:
    """The envelope in a parsed JSON value. Raises Malformed."""
    if not isinstance(value, dict) or set(value) != {"payload", "payloadType", "signatures"}:
        raise Malformed("信封应恰有 payload、payloadType、signatures")
    payload, kind, signatures = value["payload"], value["payloadType"], value["signatures"]
    if not isinstance(payload, str) or not isinstance(kind, str) or kind not in (COMMAND, BATCH, ANSWER):
        raise Malformed("信封的 payloadType 或 payload 不对")
    if not isinstance(signatures, list) or not 1 <= len(signatures) <= SIGNERS_MAX:
        raise Malformed(f"信封应有 1 至 {SIGNERS_MAX} 个签名")
    found = []
    for signature in signatures:
        if not isinstance(signature, dict) or set(signature) != {"keyid", "sig"}:
            raise Malformed("每个签名应恰有 keyid 和 sig")
        key, sig = signature["keyid"], signature["sig"]
        if not isinstance(key, str) or not isinstance(sig, str):
            raise Malformed("keyid 和 sig 应是字符串")
        raw = unb64(sig)
        if len(raw) != 64:
            raise Malformed("签名应为 64 字节")
        found.append((key, raw))
    return Envelope(kind, unb64(payload), tuple(found))
