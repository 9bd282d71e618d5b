"""Canonical JSON, FORMAT 2: one value, one byte string, the same for every reader.

Checking is done by parsing, printing and comparing, so that the C scanner and encoder of the standard library do the work.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any, NoReturn

from audit.errors import Malformed

INTEGER_MAX = 2**53 - 1
DEPTH_MAX = 16
KEY_MAX = 200


class NotCanonical(Malformed):
    """A document that breaks FORMAT 2."""


def _refuse_number(text: str) -> NoReturn:
    raise NotCanonical(f"数字 {text[:40]} 不是允许的整数")


def _whole(text: str) -> int:
    # The digits are counted first: int() of a very long text is slow, and refused by Python itself.
    if len(text) > 17:
        _refuse_number(text)
    value = int(text)
    if not -INTEGER_MAX <= value <= INTEGER_MAX:
        _refuse_number(text)
    return value


# No check for values that hold themselves: what is printed was parsed, or its depth has been looked at.
_print = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, separators=(",", ":"), sort_keys=True, allow_nan=False
).encode
_parse = json.JSONDecoder(parse_float=_refuse_number, parse_constant=_refuse_number).decode
_parse_carefully = json.JSONDecoder(
    parse_float=_refuse_number, parse_constant=_refuse_number, parse_int=_whole
).decode

# Sixteen digits in a row may be an integer beyond the limit, or part of a string: only then is every integer looked at.
_DIGITS_AS_ZERO = bytes(ord("0") if chr(code).isdigit() and code < 128 else ord(" ") for code in range(256))
_LONG_NUMBER = b"0" * 16
# What FORMAT 2.3 keeps out of keys.
_GOOD_KEYS = re.compile(rb'[{,]"([!#-\[\]-~]{1,200})":').findall
_SUSPECT_KEY = re.compile(r'[^!-~]|["\\]')


@lru_cache(maxsize=4096)
def _check_key(key: str) -> None:
    """FORMAT 2.3. Documents use few keys again and again; a refusal is not remembered."""
    if not 0 < len(key) <= KEY_MAX or _SUSPECT_KEY.search(key):
        raise NotCanonical(f"对象键 {key[:40]!r} 不合规则")


def _check_shape(value: object, depth: int) -> None:
    if isinstance(value, dict):
        if depth >= DEPTH_MAX:
            raise NotCanonical(f"嵌套超过 {DEPTH_MAX} 层")
        for key, inner in value.items():
            _check_key(key)
            if isinstance(inner, (dict, list)):
                _check_shape(inner, depth + 1)
    elif isinstance(value, list):
        if depth >= DEPTH_MAX:
            raise NotCanonical(f"嵌套超过 {DEPTH_MAX} 层")
        for inner in value:
            if isinstance(inner, (dict, list)):
                _check_shape(inner, depth + 1)


def decode(document: bytes) -> Any:
    """The value of a canonical document. Raises NotCanonical for every other byte string (FORMAT 2.1 to 2.5)."""
    try:
        text = document.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotCanonical(f"第 {error.start} 字节不是 UTF-8") from None
    try:
        long_number = _LONG_NUMBER in document.translate(_DIGITS_AS_ZERO)
        value = (_parse_carefully if long_number else _parse)(text)
        same = _print(value) == text
    except (json.JSONDecodeError, RecursionError) as error:
        raise NotCanonical(f"不是 JSON：{error}") from None
    if not same:
        raise NotCanonical("与其规范形式不同（空格、键序、重复键、转义或数字写法）")
    if not _is_plainly_shaped(document):
        _check_shape(value, 0)
    return value


def _is_plainly_shaped(document: bytes) -> bool:
    """Whether the bytes show at a glance that keys and depth are right; False says nothing.

    A quote with a colon after it ends every key. Where each such pair ends a good key, there is no bad one; where there are
    no more brackets than levels allowed, no value is too deep.
    """
    return document.count(b"{") + document.count(b"[") <= DEPTH_MAX and len(
        _GOOD_KEYS(document)
    ) == document.count(b'":')


def decode_trusted(document: bytes) -> Any:
    """As `decode`, for a document of an entry that stands in our own log: its form was checked before it was recorded.

    Whether it still is what was recorded is for verify to say. Raises NotCanonical for what is no JSON at all.
    """
    try:
        return _parse(document.decode("utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise NotCanonical(f"不是 JSON：{error}") from None


def encode(value: object) -> bytes:
    """The canonical document of a value of str, int, bool, None, list, dict. Raises NotCanonical for anything else."""
    _check_values(value, 0)
    try:
        return _print(value).encode("utf-8")
    except UnicodeEncodeError:
        raise NotCanonical("字符串含代理码点") from None


def encode_trusted(value: object) -> bytes:
    """As `encode`, for values that our own code has just built or decoded: the form of each value is not looked at again."""
    return _print(value).encode("utf-8")


def _check_values(value: object, depth: int) -> None:
    if value is None or isinstance(value, (str, bool)):
        return
    if isinstance(value, int):
        if not -INTEGER_MAX <= value <= INTEGER_MAX:
            _refuse_number(str(value)[:40])
    elif isinstance(value, (dict, list)):
        if depth >= DEPTH_MAX:
            raise NotCanonical(f"嵌套超过 {DEPTH_MAX} 层")
        if isinstance(value, dict):
            for key in value:
                if not isinstance(key, str):
                    raise NotCanonical(f"对象键 {key!r} 不是字符串")
                _check_key(key)
        for inner in value.values() if isinstance(value, dict) else value:
            if type(inner) is not str:  # most are
                _check_values(inner, depth + 1)
    else:
        raise NotCanonical(f"{type(value).__name__} 不能写入")
