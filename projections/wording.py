"""Recorded values in words, for people to read: whatever the field, with the names of the subjects that are named."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.authority import ROLE_LABELS
from domain.party import PARTY_KINDS, Party
from domain.proposal import CAPACITIES
from domain.scope import FUND_SOURCES
from domain.values import is_id, kind_of
from projections import labels, standing_labels

COMMITTED = "commit:"  # what stands for a personal value (FORMAT 5.5)
MARK = "〔"  # begins what is told in the place of a name that is not told
_PARTY = frozenset(Party.model_fields)
_AMOUNTS = frozenset({"confirmed_creditor", "confirmed_debtor"})


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of what is shown of a value: text, or the name of the subject `id`."""

    text: str
    id: str = ""


Names = Mapping[str, str]
"""Id -> what people call the subject."""
NOBODY: Names = {}


def shown(field: str, value: Any, names: Names = NOBODY) -> str:
    """A recorded value in words, for people to read; an id only where no name of it is given."""
    return "".join(one.text for one in pieces(field, value, names))


def pieces(field: str, value: Any, names: Names = NOBODY) -> Iterator[Piece]:
    """As `shown`, with each subject that is named by itself, so that a page can lead to it."""
    if isinstance(value, str) and is_id(value) and kind_of(value) != "code":
        yield Piece(names.get(value) or value, value)
    elif isinstance(value, Mapping) and field == "resolutions":
        yield from _resolution(value, names)
    elif isinstance(value, Mapping) and field == "parts":
        yield from pieces("asset", value["asset"], names)
        yield Piece(f" {_part(value['amount_fen'])}")
    elif isinstance(value, Mapping) and _worded(field, value) is None:
        known = [one for one in labels.FIELDS if one in value]  # states know no order, the words do
        told = [*known, *(one for one in value if one not in labels.FIELDS)]
        title = {**labels.FIELDS, **labels.DIMENSIONS}
        runs = [[Piece(f"{title.get(name, name)}："), *pieces(name, value[name], names)] for name in told]
        yield from _joined("；", runs)
    elif isinstance(value, (list, tuple)) and _worded(field, value) is None:
        parted = "；" if any(isinstance(one, Mapping) for one in value) else "、"
        yield from _joined(parted, [[*pieces(field, one, names)] for one in value])
    else:
        yield Piece(_worded(field, value) or _word(field, value))


def _joined(separator: str, runs: Iterable[Sequence[Piece]]) -> Iterator[Piece]:
    none = True
    for run in runs:
        if not none:
            yield Piece(separator)
        none = False
        yield from run
    if none:
        yield Piece("无")


def _worded(field: str, value: Any) -> str | None:
    """What has words of its own as a whole; None for anything else."""
    if isinstance(value, Mapping) and value.keys() == _PARTY:
        return party(value)
    if field in standing_labels.POPULATIONS and isinstance(value, Mapping):
        return standing_labels.population(value)
    if not isinstance(value, (list, tuple)):
        return None
    whole = _WHOLES.get(field)
    return None if whole is None else whole(value)


def _word(field: str, value: Any) -> str:
    if value is None:
        return "不详"
    if isinstance(value, bool):
        return _YES_OR_NO.get(field, ("否", "是"))[value]
    if isinstance(value, int) and (field.endswith("_fen") or field in _AMOUNTS):
        return labels.amount(value)
    if isinstance(value, str) and value.startswith(COMMITTED):
        return f"自然人（{person(value)}）"
    return labels.WORDS.get(field, {}).get(str(value), str(value)) or "空"


_YES_OR_NO: Mapping[str, tuple[str, str]] = {"no_rceo": ("有", "没有")}


def _resolution(value: Mapping[str, Any], names: Names) -> Iterator[Piece]:
    """One resolution: what was put to the vote, about what, with how many votes."""
    yield Piece(f"{value['text']}（{_word('matter', value['matter'])}，")
    yield from pieces("subject", value["subject"], names)
    fixed = "" if value["amount_fen"] is None else f"，所定金额 {labels.amount(value['amount_fen'])}"
    yield Piece(f"）：同意 {value['agreed']}，反对 {value['against']}，弃权 {value['abstained']}{fixed}")


def _rows(spans: Sequence[Sequence[int]]) -> str:
    return "、".join(
        labels.nth(first) if first == last else f"第 {first + 1} 至 {last + 1} 条" for first, last in spans
    )


def _need(need: Sequence[str]) -> str:
    capacity, role = need
    return f"{CAPACITIES.get(capacity, capacity)}（{ROLE_LABELS.get(role, role)}）"


# Field -> the words of a whole list.
_WHOLES: Mapping[str, Callable[[Sequence[Any]], str]] = {
    "fund_lines": lambda lines: "；".join(map(_fund_line, lines)) or "无",
    "shares": lambda shares: "；".join(map(_share, shares)) or "不详",
    "excepted": lambda rows: "；".join(f"{labels.nth(index)}：{reason}" for index, reason in rows) or "无",
    "refused": lambda rows: (
        "；".join(f"{labels.nth(index)}（{rule}）" for index, _code, rule in rows) or "无"
    ),
    "accepted": lambda spans: _rows(spans) or "无",
    "needs": lambda needs: "、".join(map(_need, needs)) or "无",
    "instalments": lambda some: (
        "；".join(f"{one['due_on']} {labels.amount(one['amount_fen'])}" for one in some) or "无"
    ),
}


def party(value: Mapping[str, Any] | None) -> str:
    """A body by its name; a natural person by the head of its commitment: who that is, the vault knows (`named`)."""
    if value is None:
        return "不详"
    if value["name"]:
        return str(value["name"])
    who = person(value["person"])
    return PARTY_KINDS[value["kind"]] + (who if who.startswith(MARK) else f"（{who}）")


def person(text: str) -> str:
    """A commitment by its head; what it was opened to as it stands."""
    return text.partition(":")[2][:8] if text.startswith(COMMITTED) else text


def _part(fen: int | None) -> str:
    return "整项" if fen is None else labels.amount(fen)


def _share(share: Mapping[str, Any]) -> str:
    percent = f"{share['basis_points'] // 100}.{share['basis_points'] % 100:02d}".removesuffix(".00")
    return f"{party(share['owner'])} {percent}%"


def _fund_line(line: Mapping[str, Any]) -> str:
    source = FUND_SOURCES.get(line["source"], line["source"])
    year = f"{line['year']}年" if line.get("year") else ""
    document = f"（{line['document']}）" if line.get("document") else ""
    return f"{year}{source}{document}{labels.amount(line['amount_fen'])}"
