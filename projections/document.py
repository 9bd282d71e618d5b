"""Documents (材料) as rows: what was filed, of which kind and source, about what."""

from collections.abc import Iterable

from projections.disposal_tables import document, document_subject
from projections.entered import Corrections, says_its_state, says_nothing, told
from projections.entry import Entry
from projections.noun import Noun, Teller
from projections.rows import Row, Rows
from projections.said import Said, compact

_SAME = ("kind", "name", "number", "issuer", "issued_on", "quality", "hash", "pages", "amount_fen")


def _registered(rows: Rows, entry: Entry) -> None:
    state = entry.state
    rows.add(
        document,
        {
            "id": entry.stream,
            **{name: state[name] for name in _SAME},
            "areas": compact(state["areas"]),
            "subjects": compact(state["subjects"]),
            "duplicate_of": "",
            "said": told(TELLERS, entry),
            "occurred_on": entry.occurred_on,
            "recorded_at": entry.recorded.recorded_at,
            "position": entry.position,
            "last_position": entry.position,
        },
    )
    rows.replace(document_subject, entry.stream, _about(entry, state["subjects"]), new=True)


def _about(entry: Entry, subjects: Iterable[str]) -> list[Row]:
    return [{"document": entry.stream, "subject": one} for one in dict.fromkeys(subjects)]


def _endorsed(rows: Rows, entry: Entry) -> None:
    rows.change(document, entry.stream, last_position=entry.position)


def _corrected(rows: Rows, entry: Entry, said: Said) -> None:
    rows.replace(document_subject, entry.stream, _about(entry, said.at("subjects")), new=False)


_CORRECTIONS = Corrections(document, ("subjects",), _corrected)
TELLERS: dict[str, Teller] = {
    "document.registered.v1": says_its_state(),
    "document.endorsed.v1": says_nothing,
    **_CORRECTIONS.tellers(),
}
NOUN = Noun(
    "document",
    document,
    {
        "document.registered.v1": _registered,
        "document.endorsed.v1": _endorsed,
        **_CORRECTIONS.handlers(),
    },
    TELLERS,
    about=document_subject,
)
