"""Single values of FORMAT: for each small rule the cases that two readers might see differently."""

from __future__ import annotations

import hashlib
from typing import Any

from audit import canonical, dsse, merkle
from audit.ids import key_id
from tests.support.logbook import hash_of, new_id, signer

CANONICAL = [
    b"0",
    b"-1",
    b"9007199254740991",
    b"-9007199254740991",
    b'""',
    b'"\\u001f"',
    b'"\\b\\t\\n\\f\\r\\"\\\\"',
    '"仓库𠮷\u2028\x7f/"'.encode(),
    b'{"A":1,"a":2}',
    b'{"a":[],"b":{},"c":null,"d":true,"e":false}',
    b"[" * 16 + b"1" + b"]" * 16,
    b'{"' + b"k" * 200 + b'":1}',
]
NOT_CANONICAL = [
    b"",
    b"-0",
    b"01",
    b"1.0",
    b"1e2",
    b"+1",
    b"NaN",
    b"Infinity",
    b"9007199254740992",
    b"-9007199254740992",
    b"123456789012345678901234567890",
    b" 1",
    b"1\n",
    b"1 2",
    b"\xef\xbb\xbf1",
    b'"\\/"',
    b'"\\u0041"',
    b'"\\u001F"',
    b'"\\u000a"',
    b'"\\ud800"',
    b'"\\u00e9"',
    b'"\xed\xa0\x80"',
    b'"\xc0\x80"',
    b'"\xff"',
    b'"\t"',
    b'"open',
    b"'a'",
    b"[1,]",
    b"[1, 2]",
    b'{"a":1,"a":1}',
    b'{"a":1,"A":2}',
    b'{"":1}',
    b'{"a b":1}',
    '{"é":1}'.encode(),
    b'{"a\\"b":1}',
    b'{"a\\\\b":1}',
    b'{"a\x7f":1}',
    b'{"' + b"k" * 201 + b'":1}',
    b"[" * 17 + b"1" + b"]" * 17,
    b"tru",
]
IDS = [
    "project_aaaaaaaaaaaaaaaaaaaaaaaaaa",
    "ab_234567abcdefghijklmnopqrst",
    "code:project:QX-0007",
    "code:asset:青溪 ",
    "code:ab:" + "x" * 192,
    "code:voucher:a:b",
]
NOT_IDS = [
    "",
    "project_aaaaaaaaaaaaaaaaaaaaaaaaa",
    "project_aaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "project_Aaaaaaaaaaaaaaaaaaaaaaaaaa",
    "project_1aaaaaaaaaaaaaaaaaaaaaaaaa",
    "p_aaaaaaaaaaaaaaaaaaaaaaaaaa",
    "pro-ject_aaaaaaaaaaaaaaaaaaaaaaaaaa",
    " project_aaaaaaaaaaaaaaaaaaaaaaaaaa",
    "code:project:",
    "code:p:1",
    "code:project:QX 0007",
    'code:project:"',
    "code:project:a\\b",
    "code:project:a\x7f",
    "code:ab:" + "x" * 193,
    "code:Ab:x",
]
# U+3000 is no character below 21: it stays an id. The ordinary space does not.
IDS[3] = "code:asset:青溪\u3000"

REFUSED_KEYS = {
    "identity": bytes([1]) + bytes(31),
    "identity with sign": bytes([1]) + bytes(30) + b"\x80",
    "order 2": (2**255 - 20).to_bytes(32, "little"),
    "order 4": bytes(32),
    "order 8": bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
    "order 8, other": bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
    "y = p": (2**255 - 19).to_bytes(32, "little"),
    "y = p + 1": (2**255 - 18).to_bytes(32, "little"),
    "y = p + 3, a point if it were reduced": (2**255 - 16).to_bytes(32, "little"),
    "not on the curve": bytes([2]) + bytes(31),
    "31 bytes": bytes(31),
}
# RFC 6962 trees of certificate transparency's classic eight leaves.
LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]


def length_prefixed(value: bytes) -> bytes:
    return len(value).to_bytes(4, "big") + value


def commitment(kind: str, field: str, salt: bytes, value: str) -> str:
    """FORMAT 5.5, written here from its text alone."""
    parts = (
        length_prefixed(kind.encode())
        + length_prefixed(field.encode())
        + salt
        + length_prefixed(value.encode())
    )
    return "commit:" + hashlib.sha256(b"bangfu commit v1" + parts).hexdigest()


def hashed_file(salt: bytes, file: bytes) -> str:
    """FORMAT 5.6, written here from its text alone."""
    return hashlib.sha256(b"bangfu file v1" + salt + file).hexdigest()


def values() -> dict[str, Any]:
    """The content of `values.json`. Byte strings are in hexadecimal."""
    body = canonical.encode({"command": "asset.book.v1", "summary": "登记：示例资产"})
    answer = canonical.encode(
        {
            "code": "",
            "command": dsse.statement_id(dsse.COMMAND, body).hex(),
            "origin": "bangfu/999901/" + "0" * 32,
            "position": 3,
            "rule": "",
            "size": 4,
        }
    )
    leaves = [merkle.leaf_hash(bytes.fromhex(leaf)) for leaf in LEAVES]
    keys = [signer(number) for number in range(1, 7)]
    salt = hashlib.sha256(b"bangfu vector salt").digest()
    return {
        "canonical": {"good": [one.hex() for one in CANONICAL], "bad": [one.hex() for one in NOT_CANONICAL]},
        "ids": {"good": IDS, "bad": NOT_IDS},
        "keys": {
            "good": [{"public": key.public.hex(), "id": key_id("ed25519", key.public)} for key in keys],
            "bad": [{"public": public.hex(), "why": why} for why, public in REFUSED_KEYS.items()],
        },
        "statements": [
            {
                "type": kind,
                "body": document.hex(),
                "pae": dsse.pae(kind, document).hex(),
                "id": dsse.statement_id(kind, document).hex(),
                "public": keys[0].public.hex(),
                "signature": keys[0].sign(dsse.pae(kind, document)).hex(),
            }
            for kind, document in ((dsse.COMMAND, body), (dsse.BATCH, body), (dsse.ANSWER, answer))
        ],
        "commitments": [
            {
                "kind": kind,
                "field": field,
                "salt": salt.hex(),
                "value": value,
                "commitment": commitment(kind, field, salt, value),
            }
            for kind, field, value in (
                ("person", "name", "示例甲"),
                ("person", "name", ""),
                ("perso", "nname", "示例甲"),
            )
        ],
        "files": [
            {"salt": salt.hex(), "file": file.hex(), "hash": hashed_file(salt, file)}
            for file in (b"", "会议记录".encode(), bytes(range(256)))
        ],
        "tree": {
            "leaves": LEAVES,
            "leaf_hashes": [leaf.hex() for leaf in leaves],
            "roots": [merkle.root_of(leaves[:size]).hex() for size in range(1, 9)],
            "paths": [
                {
                    "size": size,
                    "index": index,
                    "path": [node.hex() for node in merkle.inclusion_path(leaves[:size], index)],
                }
                for size in range(1, 9)
                for index in range(size)
            ],
        },
        "example_ids": {"asset": new_id("asset", "仓库"), "hash": hash_of("archive 1")},
    }
