"""Cursors: where a page goes on, as text that means nothing to a caller."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field

from api.http.problem import Failed

LIMIT, LIMIT_MAX = 50, 200
_MARK = b"b1:"  # a cursor of this form


class PageQuery(BaseModel):
    """What every list takes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    limit: Annotated[int, Field(ge=1, le=LIMIT_MAX, description="一页的条数")] = LIMIT
    cursor: Annotated[str, Field(max_length=100, description="上一页所给的 next；不给则为第一页")] = ""


def cursor(position: int) -> str:
    """A cursor that goes on after a position."""
    return base64.urlsafe_b64encode(_MARK + str(position).encode()).decode().rstrip("=")


def after(text: str) -> int:
    """The position that a cursor goes on after; -1 for the first page. Raises Failed."""
    if not text:
        return -1
    try:
        found = base64.b64decode(
            text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True
        )
        position = found.removeprefix(_MARK)
        if not found.startswith(_MARK) or not position.isdigit() or len(position) > 15:
            raise ValueError
        return int(position)
    except (ValueError, binascii.Error):
        errors = [{"parameter": "cursor", "detail": "不是上一页所给的 next"}]
        raise Failed(400, "bad_request", "cursor 不是上一页所给的 next", errors=errors) from None


def page(request: Request, items: list[Any], last: int | None) -> tuple[dict[str, Any], dict[str, str]]:
    """(body, headers) of a page; `last` is the position of its last item when there is more."""
    if last is None:
        return {"items": items, "next": None}, {}
    following = cursor(last)
    query = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
    target = f"{request.url.path}?{urlencode([*query, ('cursor', following)])}"
    return {"items": items, "next": following}, {"Link": f'<{target}>; rel="next"'}
