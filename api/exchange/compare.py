"""What a row says, beside what the ledger holds (READ-16): when two values are no difference."""

from collections.abc import Callable, Mapping, Set
from typing import Any

from api.exchange.party import same_party
from api.exchange.text import folded


def comparable(field: str, value: Any, columns: Set[str]) -> Any:
    """Spaces and forms of characters are no difference, nor is how an amount was written, nor two ways not to know."""
    special = _SPECIAL.get(field)
    return _plain(value) if special is None else special(value, columns)


def _plain(value: Any) -> Any:
    if value is None or value == "undetermined":
        return ""
    if isinstance(value, str):
        return folded(value)
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    return value


def _fund_lines(value: Any, columns: Set[str]) -> Any:
    keys = ["amount_fen", *(("source",) if "source" in columns else ())]
    keys += ["document"] if columns & {"source", "document"} else []
    keys += ["year"] if "fund_years" in columns else []
    return [[_plain(line[key]) for key in keys] for line in value or ()]


def _shares(value: Any, _columns: Set[str]) -> Any:
    return sorted([_party(one["owner"], _columns), one["basis_points"]] for one in value or ())


def _party(value: Any, _columns: Set[str]) -> Any:
    return [folded(text) for text in same_party(value)]


def _unordered(value: Any, _columns: Set[str]) -> Any:
    return sorted(value or ())


_SPECIAL: Mapping[str, Callable[[Any, Set[str]], Any]] = {
    "fund_lines": _fund_lines,
    "shares": _shares,
    "creditor": _party,
    "debtor": _party,
    "areas": _unordered,
    "assets": _unordered,
    "projects": _unordered,
}
