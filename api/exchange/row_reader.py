"""Reads one data row: its fields by the kinds of its columns, and what has to be asked before anybody can enter it."""

import re
from collections.abc import Mapping
from typing import Any

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
from api.exchange.grid import Place, place_of
from api.exchange.identity import row_code
from api.exchange.party import bare, read_owners
from api.exchange.row_cells import RowCells, Setting
from api.exchange.row_money import add_parts, compare_sums, compare_with_parts, read_lines, read_money
from api.exchange.rows import SheetRow
from api.exchange.rules import CODE_NAME, Problem, quoted
from api.exchange.schema import Column
from api.exchange.scope import no_project
from api.exchange.text import folded
from domain.values import is_id

_ADDED_MAX = 200
_PLAIN_NUMBER = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?\Z")
_UNKNOWN = frozenset({"不详", "不清楚", "未知", "不明"})


class RowReader:
    """Reads row `row` of a table, whose values stand at `places`."""

    def __init__(self, setting: Setting, row: int, places: Mapping[str, Place]) -> None:
        self._cells = RowCells(setting, row, places)
        self._set = setting
        self._filled: dict[str, str] = {}
        self._unread: set[str] = set()

    def text(self, key: str) -> str:
        return self._cells.text(key)

    def fill_down(self, keys: set[str], above: dict[str, str]) -> None:
        """READ-10; `above` is brought up to this row."""
        notes = self._cells.notes
        for column in self._set.schema.columns:
            key = column.key
            if self._cells.is_merged_above(key) and column.kind not in ("money", "group_total", "ordinal"):
                if shown := self.text(key):
                    notes.append(f"{column.heading}“{shown}”取自上面的合并单元格")
            elif key in keys:
                if here := self.text(key):
                    above[key] = here
                elif key in above:
                    self._filled[key] = above[key]
                    notes.append(f"{column.heading}“{above[key]}”取自上一行（纵向合并）")

    def read(self) -> SheetRow:
        schema, cells = self._set.schema, self._cells
        cells.fields |= {"name": "", "place": "", "build_year": None, "amount_fen": None}
        self._put_place()
        money: dict[str, str] = {}
        for column in schema.columns:
            if column.is_place or column.key not in cells.places:
                continue
            if column.kind == "money":
                if text := read_money(cells, column):
                    money[column.key] = text
            elif cells.is_sound(column.key):
                self._put(column)
        if schema.amount not in cells.places and self._set.parts:
            add_parts(cells, schema.amount, money)
        elif self._set.parts:
            compare_with_parts(cells)
        if "build_year" in schema.by_key:
            self._derive_year()
        compare_sums(cells)
        self._ask_what_it_is()
        if cells.row in self._set.grid.hidden_rows:
            cells.notes.append("隐藏的行，照样读入")
        return SheetRow(
            row=cells.row,
            role="data",
            fields=cells.fields,
            money_as_read=money,
            faults=tuple(sorted(set(cells.faults), key=lambda fault: place_of(fault.cell))),
            questions=tuple(cells.questions),
            notes=tuple(cells.notes),
            code=self._code(),
            title=self._set.title,
            places=cells.places,
            unread=frozenset(self._unread),
        )

    # --- values ---

    def _put_place(self) -> None:
        """County, town and village or place as one text, as read; no part is said twice."""
        cells = self._cells
        columns = [column for column in self._set.schema.columns if column.is_place]
        present = [column.key for column in columns if column.key in cells.places]
        whole = ""
        for key in present:  # from the narrow to the wide
            if not cells.is_sound(key):
                continue
            part = self._filled.get(key) or self.text(key)
            if key != "place" and part:
                cells.fields[key] = part
            whole = whole if folded(part) in folded(whole) else part + whole
        cells.fields["place"] = cells.limited(present[0], whole, 200) if present else ""

    def _put(self, column: Column) -> None:
        fields = self._cells.fields
        text = self._filled.get(column.key) or self.text(column.key)
        if column.kind == "list":
            fields[column.key] = []  # an empty cell says: none
        if not text or column.kind in ("ordinal", "unread", "group_total"):
            return
        if column.kind == "year" and folded(text) in _UNKNOWN:
            fields["year_unknown"] = True
        elif column.key == "lines":
            read_lines(self._cells, column.key, text)
        elif column.kind == "organisation" and not self._is_body(text):
            self._leave_alone(column)
        else:
            value = self._value(column, text)
            if isinstance(value, Problem):
                self._cells.fault(column.key, value)
            elif column.kind == "owners" and not all(self._is_body(name) for name, _ in value):
                self._leave_alone(column)
            else:
                fields[column.key] = value

    def _is_body(self, text: str) -> bool:
        return is_organisation(bare(text), ours=bool(self.text(self._set.schema.noun)))

    def _leave_alone(self, column: Column) -> None:
        """READ-14."""
        where = self._cells.where(column.key)
        self._cells.notes.append(f"{where} {column.heading}看不出是单位，可能是自然人，未读入")
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
                    self._cells.fault(column.key, Problem("READ-9", advice))
                return text
            case _:
                measure = self._set.measures.get(column.key, "") if _PLAIN_NUMBER.match(text) else ""
                return self._cells.limited(column.key, text + measure, column.length + self._room(column))

    def _room(self, column: Column) -> int:
        """What the ledger gave out may be longer: a cell that speaks of several funds has room for each of them, and to a
        content was added what other columns of money said."""
        if column.key in ("document", "source"):
            return column.length * self.text("lines").replace(";", "；").count("；")
        return _ADDED_MAX if column.key == "content" and self.text(self._set.schema.noun) else 0

    # --- what follows from what was read ---

    def _derive_year(self) -> None:
        """READ-6. A title speaks for a row only where the table has no column of years."""
        cells = self._cells
        year_unknown = cells.fields.pop("year_unknown", False)
        if cells.fields["build_year"] is not None or year_unknown or cells.is_faulty("build_year"):
            return
        if (named := year_in(self.text("name"))) is not None:
            cells.fields["build_year"] = named
            cells.notes.append(f"建设年度{named}取自项目名称")
        elif not self._set.has_years and (titled := year_in(self._set.title)) is not None:
            cells.fields["build_year"] = titled
            cells.notes.append(f"建设年度{titled}取自标题")

    def _ask_what_it_is(self) -> None:
        """READ-11."""
        cells = self._cells
        if cells.is_merged_above("name"):
            first = cells.origin(cells.places["name"])[0]
            cells.questions.append(
                f"项目名称{quoted(self.text('name'))}与第{first}行合并：是同一个项目的另一笔资金，还是另一个项目？"
            )
        elif cells.is_merged_below("name"):
            cells.questions.append(
                f"项目名称{quoted(self.text('name'))}由几行合并：是一个项目的几笔资金，还是几个项目？"
            )
        if self._set.schema.noun != "project":
            return
        name, place = cells.fields["name"], cells.fields["place"]
        kind = no_project(str(name or place))
        if kind:
            cells.questions.append(f"“{name or place}”看来是{kind}，不是帮扶产业项目：是否按项目登记？")
        elif not name and not cells.is_faulty("name"):
            cells.questions.append("这笔资金对应什么项目？")

    def _code(self) -> str:
        fields = self._cells.fields
        year, fen = fields["build_year"], fields["amount_fen"]
        if not isinstance(fen, int) and not fields.get("funds_unknown"):
            return ""
        assert fen is None or isinstance(fen, int)
        assert year is None or isinstance(year, int)
        keys = ("name", *self._set.schema.identity)
        name = "".join(str(fields.get(key, "")) for key in keys)
        noun = self._set.schema.noun
        return row_code(place=str(fields["place"]), name=name, build_year=year, amount_fen=fen, noun=noun)
