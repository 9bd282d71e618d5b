"""Documents (材料) as rows: what was filed, of which kind and source, about what."""

from projections.entered import says_its_state, told
from projections.entry import Entry
from projections.noun import Noun, Teller
from projections.rows import Rows
from projections.said import compact
from projections.tables import document, document_area, document_subject

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
            "said": told(TELLERS, entry),
            "occurred_on": entry.occurred_on,
            "recorded_at": entry.recorded.recorded_at,
            "position": entry.position,
            "last_position": entry.position,
        },
    )
    about = [{"document": entry.stream, "subject": one} for one in dict.fromkeys(state["subjects"])]
    areas = [{"document": entry.stream, "area": one} for one in dict.fromkeys(state["areas"])]
    rows.replace(document_area, entry.stream, areas, new=True)
    rows.replace(document_subject, entry.stream, about, new=True)


TELLERS: dict[str, Teller] = {"document.registered.v1": says_its_state()}
NOUN = Noun("document", document, {"document.registered.v1": _registered}, TELLERS, places=document_area)
