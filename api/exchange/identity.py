"""When two rows are the same row: a code over what they say of a project, whatever the file or its characters."""

import hashlib
from base64 import b32encode

from api.exchange.text import folded
from audit.canonical import encode

_LETTERS = 32


def row_code(
    *, place: str, name: str, build_year: int | None, amount_fen: int | None, noun: str = "project"
) -> str:
    """`code:row:` and 32 letters: 160 bits of SHA-256 over the canonical JSON of the four values, folded.

    No year and no amount are an empty text. Before them stands the noun where it is no project: an asset is not the project of the same name.
    """
    year = "" if build_year is None else str(build_year)
    kind = [] if noun == "project" else [noun]
    amount = "" if amount_fen is None else amount_fen
    digest = hashlib.sha256(encode([*kind, folded(place), folded(name), year, amount])).digest()
    return "code:row:" + b32encode(digest).decode("ascii").lower()[:_LETTERS]
