"""Canonical JSON, FORMAT 2: one value, one byte string, the same for every reader.

Checking is done by parsing, printing and comparing, so that the C scanner and encoder of the standard library do the work.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
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


_encoder = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, separators=(",", ":"), sort_keys=True, allow_nan=False
)
_decoder = json.JSONDecoder(parse_float=_refuse_number, parse_constant=_refuse_number)
_careful_decoder = json.JSONDecoder(
    parse_float=_refuse_number, parse_constant=_refuse_number, parse_int=_whole
)


def _printer() -> Callable[[Any], str]:
    """`_encoder.encode`, which builds the C encoder anew for every value; where there is one, it is built once here.

    No check for values that hold themselves: what is printed was parsed, or its depth has been looked at.
    """
    make = getattr(json.encoder, "c_make_encoder", None)
    quote = getattr(json.encoder, "c_encode_basestring", None)
    if make is None or quote is None:
        return _encoder.encode
    pieces = make(None, _encoder.default, quote, None, ":", ",", True, False, False)
    return lambda value: "".join(pieces(value, 0))


_print = _printer()

# Sixteen digits in a row may be an integer beyond the limit, or part of a string: only then is every integer looked at.
_DIGITS_AS_ZERO = bytes(ord("0") if chr(code).isdigit() and code < 128 else ord(" ") for code in range(256))
_LONG_NUMBER = b"0" * 16
# What FORMAT 2.3 keeps out of keys.
_SUSPECT_KEY = re.compile(r'[^!-~]|["\\]')
_ROW_REMEMBERED = 64


def _check_keys(keys: tuple[object, ...]) -> None:
    """FORMAT 2.3, but for the order."""
    for key in keys:
        if not isinstance(key, str):
            raise NotCanonical(f"对象键 {key!r} 不是字符串")
        if not 0 < len(key) <= KEY_MAX or _SUSPECT_KEY.search(key):
            raise NotCanonical(f"对象键 {key[:40]!r} 不合规则")


# Objects have few rows of keys again and again. A refusal is not remembered.
_check_keys_once = lru_cache(maxsize=1024)(_check_keys)


def _check_container(value: dict[str, Any] | list[Any], depth: int) -> None:
    """FORMAT 2.2, 2.3 and 2.5 for what an object or array holds; surrogates and the order of keys are left to the printing."""
    if depth >= DEPTH_MAX:
        raise NotCanonical(f"嵌套超过 {DEPTH_MAX} 层")
    inner: Iterable[Any] = value
    if isinstance(value, dict):
        keys = tuple(value)
        if len(keys) <= _ROW_REMEMBERED:
            _check_keys_once(keys)
        else:
            _check_keys(keys)
        inner = value.values()
    for one in inner:
        kind = type(one)
        if kind is str or kind is bool or one is None:
            continue
        if kind is dict or kind is list:
            _check_container(one, depth + 1)
        elif isinstance(one, int):
            if not -INTEGER_MAX <= one <= INTEGER_MAX:
                raise NotCanonical("有整数超出 ±(2^53 − 1)")
        elif isinstance(one, (dict, list)):
            _check_container(one, depth + 1)
        elif not isinstance(one, str):
            raise NotCanonical(f"{kind.__name__} 不能写入")


def decode(document: bytes) -> Any:
    """The value of a canonical document. Raises NotCanonical for every other byte string (FORMAT 2.1 to 2.5)."""
    try:
        text = document.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotCanonical(f"第 {error.start} 字节不是 UTF-8") from None
    try:
        long_number = _LONG_NUMBER in document.translate(_DIGITS_AS_ZERO)
        value, _ = (_careful_decoder if long_number else _decoder).raw_decode(text)
        same = _print(value) == text
    except (json.JSONDecodeError, RecursionError) as error:
        raise NotCanonical(f"不是 JSON：{error}") from None
    if not same:
        raise NotCanonical("与其规范形式不同（空格、键序、重复键、转义或数字写法）")
    if type(value) is dict or type(value) is list:
        _check_container(value, 0)
    return value


def decode_trusted(document: bytes) -> Any:
    """As `decode`, for a document of an entry that stands in our own log: its form was checked before it was recorded.

    Whether it still is what was recorded is for verify to say. Raises NotCanonical for what is no JSON at all.
    """
    try:
        return _decoder.decode(document.decode("utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise NotCanonical(f"不是 JSON：{error}") from None


def encode(value: object) -> bytes:
    """The canonical document of a value of str, int, bool, None, list, dict. Raises NotCanonical for anything else."""
    _check_container([value], -1)
    try:
        return _print(value).encode("utf-8")
    except UnicodeEncodeError:
        raise NotCanonical("字符串含代理码点") from None


def encode_trusted(value: object) -> bytes:
    """As `encode`, for values that our own code has just built or decoded: the form of each value is not looked at again."""
    return _print(value).encode("utf-8")
