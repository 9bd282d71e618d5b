"""One data row: its fields by the kinds of its columns, and everything that is wrong or open, in the order of the columns."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from api.exchange.amounts import Amount, is_blank, read_amount
from api.exchange.cells import (
    is_organisation,
    read_choice,
    read_day,
    read_instalments,
    read_list,
    read_number,
    read_year,
    read_yes_no,
    year_in,
)
from api.exchange.grid import TROUBLES, Grid, Place, address, place_of
from api.exchange.identity import row_code
from api.exchange.party import bare, read_owners
from api.exchange.rules import CODE_NAME, Fault, Problem
from api.exchange.schema import NO_FUNDS, Column, Schema
from api.exchange.scope import no_project
from api.exchange.tables import Part
from api.exchange.text import folded, one_line
from domain.money import Unit
from domain.values import is_id

Role = Literal[
    "title",
    "unit",
    "heading",
    "empty",
    "subtotal",
    "total",
    "remark",
    "group",
    "example",
    "field",
    "text",
    "data",
]
Value = str | int | bool | None | list[Any] | dict[str, int]

_LENGTH_AS_READ = 100
_ADDED_MAX = 200
_PLAIN_NUMBER = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?\Z")
_UNKNOWN = frozenset({"不详", "不清楚", "未知", "不明"})


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row of the sheet. Only a data row has fields, faults, questions, and a code when its amount is read."""

    row: int
    role: Role
    fields: Mapping[str, Value] = field(default_factory=dict)
    money_as_read: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    questions: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    code: str = ""
    title: str = ""  # of the table it stands in
    places: Mapping[str, Place] = field(default_factory=dict)
    unread: frozenset[str] = frozenset()  # columns whose cell was left alone: the row says nothing there

    @property
    def amount_fen(self) -> int:
        """What the row adds to a sum; an amount that could not be read adds nothing, and is a fault or a question."""
        fen = self.fields.get("amount_fen")
        return fen if isinstance(fen, int) else 0


@dataclass(frozen=True, slots=True)
class Setting:
    """What the rows of one table share."""

    schema: Schema
    grid: Grid
    units: Mapping[str, Unit | None]
    title: str
    has_years: bool  # there is a column of years
    parts: Sequence[Part] = ()
    measures: Mapping[str, str] = field(default_factory=dict)


class RowReader:
    """Reads one data row whose values stand at `places`."""

    def __init__(self, setting: Setting, row: int, places: Mapping[str, Place]) -> None:
        self._set = setting
        self._row = row
        self._places = places
        self._filled: dict[str, str] = {}
        self._fields: dict[str, Value] = {}
        self._faults: list[Fault] = []
        self._questions: list[str] = []
        self._notes: list[str] = []
        self._unread: set[str] = set()

    def _raw(self, key: str) -> str:
        """The cell as read, also where it is merged with one above or beside it."""
        place = self._places.get(key)
        return self._set.grid.text(*self._set.grid.origin(*place)) if place else ""

    def text(self, key: str) -> str:
        return one_line(self._raw(key))

    def _is_merged_above(self, key: str) -> bool:
        place = self._places.get(key)
        return place is not None and self._set.grid.origin(*place)[0] < place[0]

    def fill_down(self, keys: set[str], above: dict[str, str]) -> None:
        """READ-10; `above` is brought up to this row."""
        for column in self._set.schema.columns:
            key = column.key
            if self._is_merged_above(key) and column.kind not in ("money", "group_total", "ordinal"):
                if shown := self.text(key):
                    self._notes.append(f"{column.heading}“{shown}”取自上面的合并单元格")
            elif key in keys:
                if here := self.text(key):
                    above[key] = here
                elif key in above:
                    self._filled[key] = above[key]
                    self._notes.append(f"{column.heading}“{above[key]}”取自上一行（纵向合并）")

    def read(self) -> SheetRow:
        schema = self._set.schema
        self._fields |= {"name": "", "place": "", "build_year": None, "amount_fen": None}
        self._put_place()
        money: dict[str, str] = {}
        for column in schema.columns:
            if column.is_place or (column.key not in self._places and column.kind != "money"):
                continue
            if column.kind == "money":
                if text := self._put_money(column):
                    money[column.key] = text
            elif self._is_sound(column.key):
                self._put(column)
        if schema.amount not in self._places and self._set.parts:
            self._add_parts(schema.amount, money)
        elif self._set.parts:
            self._compare_with_parts()
        if "build_year" in schema.by_key:
            self._derive_year()
        self._compare_sums()
        self._ask_what_it_is()
        if self._row in self._set.grid.hidden_rows:
            self._notes.append("隐藏的行，照样读入")
        return SheetRow(
            row=self._row,
            role="data",
            fields=self._fields,
            money_as_read=money,
            faults=tuple(sorted(set(self._faults), key=lambda fault: place_of(fault.cell))),
            questions=tuple(self._questions),
            notes=tuple(self._notes),
            code=self._code(),
            title=self._set.title,
            places=self._places,
            unread=frozenset(self._unread),
        )

    # --- faults ---

    def _fault(self, key: str, problem: Problem) -> None:
        self._fault_at(self._places[key], problem)

    def _fault_at(self, place: Place, problem: Problem) -> None:
        value = self._set.grid.text(*self._set.grid.origin(*place))
        self._faults.append(Fault(address(*place), value, problem.rule, problem.fix))

    def _is_sound(self, key: str) -> bool:
        """Whether the cell shows what its writer meant (READ-17)."""
        place = self._places.get(key)
        return place is None or self._is_sound_at(place)

    def _is_sound_at(self, place: Place) -> bool:
        trouble = self._set.grid.troubles.get(self._set.grid.origin(*place))
        if trouble is not None:
            self._fault_at(place, Problem("READ-17", f"该格{TROUBLES[trouble]}"))
        return trouble is None

    def _limited(self, key: str, text: str, maximum: int) -> str:
        if len(text) > maximum:
            self._fault(key, Problem("READ-8", f"共{len(text)}字，请缩到{maximum}字以内"))
        return text

    # --- values ---

    def _put_place(self) -> None:
        """County, town and village or place as one text, as read; no part is said twice."""
        columns = [column for column in self._set.schema.columns if column.is_place]
        present = [column.key for column in columns if column.key in self._places]
        whole = ""
        for key in present:  # from the narrow to the wide
            if not self._is_sound(key):
                continue
            part = self._filled.get(key) or self.text(key)
            if key != "place" and part:
                self._fields[key] = part
            whole = whole if folded(part) in folded(whole) else part + whole
        self._fields["place"] = self._limited(present[0], whole, 200) if present else ""

    def _put(self, column: Column) -> None:
        text = self._filled.get(column.key) or self.text(column.key)
        if column.kind == "list":
            self._fields[column.key] = []  # an empty cell says: none
        if not text or column.kind in ("ordinal", "unread", "group_total"):
            return
        if column.kind == "year" and folded(text) in _UNKNOWN:
            self._fields["year_unknown"] = True
        elif column.key == "lines":
            self._put_lines(column.key, text)
        elif column.kind == "organisation" and not self._is_body(text):
            self._leave_alone(column)
        else:
            value = self._value(column, text)
            if isinstance(value, Problem):
                self._fault(column.key, value)
            elif column.kind == "owners" and not all(self._is_body(name) for name, _ in value):
                self._leave_alone(column)
            else:
                self._fields[column.key] = value

    def _is_body(self, text: str) -> bool:
        return is_organisation(bare(text), ours=bool(self.text(self._set.schema.noun)))

    def _leave_alone(self, column: Column) -> None:
        """READ-14."""
        where = address(*self._places[column.key])
        self._notes.append(f"{where} {column.heading}看不出是单位，可能是自然人，未读入")
        self._unread.add(column.key)

    def _value(self, column: Column, text: str) -> Any:
        match column.kind:
            case "year":
                return read_year(text)
            case "date":
                return read_day(text)
            case "yes_no":
                return read_yes_no(text)
            case "choice":
                return read_choice(text, column.choices, column.labels)
            case "number":
                return read_number(text)
            case "owners":
                return read_owners(text)
            case "list" | "codes" | "area":
                return read_list(text)
            case "instalments":
                return read_instalments(text, self._set.units.get(column.key))
            case "id":
                advice = f"{column.heading}由台账填写，请勿改动；新的行请留空"
                return text if is_id(text) else Problem("READ-21", advice)
            case "code":
                if not CODE_NAME.match(text):
                    advice = f"{column.heading}请去掉空格、引号和反斜杠，不超过60字"
                    self._fault(column.key, Problem("READ-9", advice))
                return text
            case _:
                measure = self._set.measures.get(column.key, "") if _PLAIN_NUMBER.match(text) else ""
                return self._limited(column.key, text + measure, column.length + self._room(column))

    def _room(self, column: Column) -> int:
        """What the ledger gave out may be longer: a cell that speaks of several funds has room for each of them, and to a
        content was added what other columns of money said."""
        if column.key in ("document", "source"):
            return column.length * self.text("lines").replace(";", "；").count("；")
        return _ADDED_MAX if column.key == "content" and self.text(self._set.schema.noun) else 0

    def _put_lines(self, key: str, text: str) -> None:
        """READ-22: the amounts of several funds in one cell."""
        amounts = [
            read_amount(part, self._set.units.get(key))
            for part in text.replace(";", "；").split("；")
            if part.strip()
        ]
        problem = next((one for one in amounts if isinstance(one, Problem)), None)
        if problem is not None:
            self._fault(key, Problem("READ-22", f"各笔金额以；分开：{problem.fix}"))
        else:
            self._fields["lines_fen"] = [one.money.fen for one in amounts if isinstance(one, Amount)]

    def _put_money(self, column: Column) -> str:
        """The cell as read, when it holds an amount."""
        key = column.key
        if key not in self._places:
            return ""
        place, is_amount = self._places[key], key == self._set.schema.amount
        if self._is_merged_above(key) or self._is_merged_below(place):
            if is_amount:
                origin = address(*self._set.grid.origin(*place))
                self._questions.append(f"金额 {origin} 由几行合并：各行各是多少？请拆开填写")
            return ""
        if not self._is_sound(key):
            return ""
        text = self._set.grid.text(*place)
        if folded(text) == NO_FUNDS and is_amount:
            self._fields["funds_unknown"] = True
            return ""
        if is_blank(text):
            if is_amount:
                self._fault(key, Problem("READ-5", "金额为空，请填金额"))
            return ""
        amount = read_amount(text, self._set.units.get(key))
        if isinstance(amount, Problem):
            self._fault(key, amount)
            return ""
        self._fields[f"{key}_fen"] = amount.money.fen
        if amount.remark:
            self._note_remark(key, amount)
        self._ask_which_unit(key, amount)
        return self._limited(key, one_line(text), _LENGTH_AS_READ)

    def _is_merged_below(self, place: Place) -> bool:
        return self._set.grid.origins.get((place[0] + 1, place[1])) == place

    def _note_remark(self, key: str, amount: Amount) -> None:
        self._fields[f"{key}_remark"] = amount.remark
        where, remark = address(*self._places[key]), one_line(amount.remark)
        if amount.remark_may_add:
            self._questions.append(f"{where} 的附注“{remark}”里的金额，是否已含在内？")
        else:
            self._notes.append(f"{where} 的附注“{remark}”不计入金额")

    def _ask_which_unit(self, key: str, amount: Amount) -> None:
        of_column = self._set.units.get(key)
        if amount.own_unit and of_column is not None and of_column != amount.unit:
            where = address(*self._places[key])
            self._questions.append(f"{where} 格内单位是{amount.unit}，表上单位是{of_column}：以哪个为准？")

    def _derive_year(self) -> None:
        """READ-6. A title speaks for a row only where the table has no column of years."""
        year_unknown = self._fields.pop("year_unknown", False)
        if self._fields["build_year"] is not None or year_unknown:
            return
        if any(
            one.cell == address(*self._places["build_year"])
            for one in self._faults
            if "build_year" in self._places
        ):
            return
        if (named := year_in(self.text("name"))) is not None:
            self._fields["build_year"] = named
            self._notes.append(f"建设年度{named}取自项目名称")
        elif not self._set.has_years and (titled := year_in(self._set.title)) is not None:
            self._fields["build_year"] = titled
            self._notes.append(f"建设年度{titled}取自标题")

    # --- sums inside of a row ---

    def _part_amounts(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for part in self._set.parts:
            place = (self._row, part.column)
            text = self._set.grid.text(*place)
            if is_blank(text) or not self._is_sound_at(place):
                continue
            amount = read_amount(text, part.unit)
            if isinstance(amount, Problem):
                self._fault_at(place, amount)
            else:
                found[part.heading] = amount.money.fen
        if found:
            self._fields["parts"] = found
        return found

    def _add_parts(self, key: str, money: dict[str, str]) -> None:
        """The table has no column of the amount: it is the sum of its parts."""
        found = self._part_amounts()
        if found and not self._faults:
            self._fields[f"{key}_fen"] = sum(found.values())
            texts = [one_line(self._set.grid.text(self._row, part.column)) for part in self._set.parts]
            money[key] = "+".join(text for text in texts if text)[:_LENGTH_AS_READ]
            self._notes.append(f"金额是{'、'.join(found)}之和")
        elif not self._faults:
            place = (self._row, self._set.parts[0].column)
            self._fault_at(place, Problem("READ-5", "金额为空，请填金额"))

    def _compare_with_parts(self) -> None:
        found, whole = self._part_amounts(), self._fields["amount_fen"]
        if found and isinstance(whole, int) and sum(found.values()) != whole:
            self._notes.append(f"{'、'.join(found)}之和不等于合计")

    def _compare_sums(self) -> None:
        fen = {
            key: one
            for key in self._set.schema.money
            if isinstance(one := self._fields.get(f"{key}_fen"), int)
        }
        if {"amount", "grant", "own"} <= set(fen) and fen["amount"] != fen["grant"] + fen["own"]:
            self._notes.append("总投资不等于中央补助与自筹之和")
        spent = [fen[key] for key in ("settled", "fee", "rest") if key in fen]
        if {"planned", "settled", "rest"} <= set(fen) and fen["planned"] != sum(spent):
            self._notes.append("计划投资不等于结算价、管理费、项目结余之和")
        if "lines_fen" in self._fields:
            lines = self._fields["lines_fen"]
            assert isinstance(lines, list)
            if "amount" in fen and fen["amount"] != sum(lines):
                self._fault("lines", Problem("READ-22", "各笔金额之和须等于总额"))

    # --- what it is ---

    def _ask_what_it_is(self) -> None:
        """READ-11."""
        if self._is_merged_above("name"):
            first = self._set.grid.origin(*self._places["name"])[0]
            self._questions.append(f"项目名称与第{first}行合并：是同一个项目的另一笔资金，还是另一个项目？")
        elif "name" in self._places and self._is_merged_below(self._places["name"]):
            self._questions.append("项目名称由几行合并：是一个项目的几笔资金，还是几个项目？")
        if self._set.schema.noun != "project":
            return
        name, place = self._fields["name"], self._fields["place"]
        kind = no_project(str(name or place))
        if kind:
            self._questions.append(f"“{name or place}”看来是{kind}，不是帮扶产业项目：是否按项目登记？")
        elif not name and not any(self._places.get("name") == self._place_of(one) for one in self._faults):
            self._questions.append("这笔资金对应什么项目？")

    def _place_of(self, fault: Fault) -> Place | None:
        return next((place for place in self._places.values() if address(*place) == fault.cell), None)

    def _code(self) -> str:
        year, fen = self._fields["build_year"], self._fields["amount_fen"]
        if not isinstance(fen, int) and not self._fields.get("funds_unknown"):
            return ""
        assert fen is None or isinstance(fen, int)
        assert year is None or isinstance(year, int)
        keys = ("name", *self._set.schema.identity)
        name = "".join(str(self._fields.get(key, "")) for key in keys)
        noun = self._set.schema.noun
        return row_code(
            place=str(self._fields["place"]), name=name, build_year=year, amount_fen=fen, noun=noun
        )
