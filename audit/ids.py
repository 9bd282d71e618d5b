"""Ids, subjects and their kinds, FORMAT 3."""

from __future__ import annotations

import base64
import hashlib
import re

ID_BYTES_MAX = 200
STANDING = frozenset({"ledger", "key", "person", "organisation", "post", "area", "parameter"})

_RANDOM = r"[a-z]{2,16}_[a-z2-7]{26}"
_CODE = r'code:[a-z]{2,16}:[^\x00-\x20"\\\x7f]+'
_ID = re.compile(rf"(?:{_RANDOM}|{_CODE})\Z")
# FORMAT 3.1: in a canonical document a whole string value stands between these characters, and nothing else does.
_IN_DOCUMENT = re.compile(
    rb'"(?<=[\[,:]")([a-z]{2,16}_[a-z2-7]{26}|code:[a-z]{2,16}:[^\x00-\x20"\\\x7f]+)"(?=[,\]}])'
)


def is_id(text: str) -> bool:
    """Whether a string value is an id."""
    return _ID.match(text) is not None and len(text.encode()) <= ID_BYTES_MAX


def kind(subject: str) -> str:
    """The letters before `_`, or `code`."""
    return "code" if subject.startswith("code:") else subject.partition("_")[0]


def is_moving(subject: str) -> bool:
    """Whether every naming moves the subject (FORMAT 3.4)."""
    return subject.startswith("code:") or subject.partition("_")[0] not in STANDING


def ids_in(document: bytes) -> set[str]:
    """The ids among the values of a canonical document (FORMAT 3.1)."""
    return {found.decode() for found in _IN_DOCUMENT.findall(document) if len(found) <= ID_BYTES_MAX}


def key_id(suite: str, public: bytes) -> str:
    """The id of a key, FORMAT 3.5."""
    digest = hashlib.sha256(b"bangfu key v1\n" + suite.encode() + b"\n" + public).digest()
    return "key_" + base64.b32encode(digest).decode().lower()[:26]
