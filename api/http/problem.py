"""Every answer that is no success: `application/problem+json`, RFC 9457, with the refusal's stable code and rule."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException

from api.desk import Answer
from api.erasing import Erased
from api.exchange.errors import Unreadable
from api.exchange.text import one_line
from api.fair import Full, Places
from api.names import NamesClosed
from api.personal import NotDisclosed, WrongDisclosure
from audit.admission import NotAdmitted
from audit.driver import StoreFailure
from audit.errors import Malformed
from domain.errors import BadShape, NotFound, Refused, refusals
from projections.database import is_fault_of_ours, is_of_shape

_log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
MISSHAPEN = (
    "读表不是本程序所建的样子：另一版本的程序重建了它的，请停下旧版本的程序，重新启动；"
    "有人改动了它的，请停下服务，运行 bangfu rebuild。账不受影响"
)
RETRY_SECONDS = 1
FAULTS_TOLD = 5  # of a request, in one line for people; all of them stand in `errors`

# The codes that no refusal of the domain has: of the door (FORMAT), and of HTTP itself.
TITLES: Mapping[str, str] = {
    "bad_form": "格式不对",
    "bad_key": "密钥不合规定",
    "bad_request": "请求不对",
    "bad_signature": "签名不对",
    "body_incomplete": "内容没有收全",
    "elsewhere_only": "此处不可用",
    "forbidden": "无权查阅",
    "internal": "本程序有错",
    "method_not_allowed": "不支持此方法",
    "not_canonical": "不是规范 JSON",
    "not_nfc": "文字未按 NFC 规范化",
    "not_ready": "尚未就绪",
    "no_such_page": "没有此地址",
    "read_only": "只能查阅",
    "store_failure": "数据库暂不可用",
    "too_large": "超出限额",
    "too_many": "请求过多",
    "too_many_rows": "要导出的行太多",
    "unauthenticated": "须先登录",
    "unsupported_media_type": "内容类型不对",
    "wrong_root": "批次的根不符",
    "wrong_signers": "签名人数或人选不符",
    "wrong_summary": "摘要与内容不符",
    **{one.code: one.title for one in (Erased, NamesClosed, NotDisclosed, WrongDisclosure)},
    "unclear_area": "哪个区域不明",
    **{one.code: one.title for one in Unreadable.__subclasses__()},
}
# The status of a code that its rule does not already tell.
_STATUS: Mapping[str, int] = {
    "bad_signature": 403,
    "busy": 409,
    "erased": 422,
    "file_too_large": 413,
    "inexact_amount": 422,
    "read_only": 503,
    "rules_not_adopted": 503,
    "subject_moved": 409,
    "taken": 409,
    "too_large": 413,
    "unknown_command": 400,
    "bad_shape": 400,
}


class Fault(BaseModel):
    """One place that is wrong: a JSON pointer into the body or the signed command, or the name of a query parameter."""

    model_config = ConfigDict(extra="allow")

    detail: str
    pointer: str | None = Field(None, description="JSON 指针（RFC 6901）")
    parameter: str | None = Field(None, description="地址里的参数")


class Problem(BaseModel):
    """RFC 9457. `answer` is the refusal signed by the ledger, once a good signature was established (FORMAT 5.4)."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="urn:bangfu:problem: 加 code")
    title: str
    status: int
    detail: str
    code: str = Field(description="拒绝的代码，永不改作他用；全部代码见 domain/catalogue.json")
    rule: str = Field("", description="domain/RULES.md 或 audit/FORMAT.md 的编号")
    errors: list[Fault] = []


class Failed(Exception):
    """An answer that is a problem, from wherever it is found out."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        rule: str = "",
        errors: Sequence[Mapping[str, Any]] = (),
        more: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail, self.rule = status, code, detail, rule
        self.errors, self.more, self.headers = list(errors), dict(more or {}), dict(headers or {})

    def document(self) -> dict[str, Any]:
        return {
            "type": f"urn:bangfu:problem:{self.code}",
            "title": title_of(self.code),
            "status": self.status,
            "detail": one_line(self.detail),
            "code": self.code,
            "rule": self.rule,
            "errors": self.errors,
            **self.more,
        }

    def response(self) -> Response:
        return json_response(self.document(), self.status, headers=self.headers, media_type=MEDIA_TYPE)


def title_of(code: str) -> str:
    known = refusals().get(code)
    return known.title if known is not None else TITLES[code]


def status_of(code: str, rule: str) -> int:
    """400 form · 403 no authority · 404, 409, 413, 503 by code · 422 refused by a rule."""
    if code in _STATUS:
        return _STATUS[code]
    if rule.startswith("AUTH-") and code != "wrong_signers":
        return 403
    return 400 if rule.startswith("FORMAT-") else 422


def dumps(value: object) -> bytes:
    """JSON for people to read, too. A lone surrogate, which is no character, stays the escape that it came as."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")


def json_response(
    value: object,
    status: int = 200,
    *,
    headers: Mapping[str, str] | None = None,
    media_type: str = "application/json",
) -> Response:
    return Response(dumps(value), status, dict(headers or {}), media_type)


def of_answer(answer: Answer, more: Mapping[str, Any] | None = None) -> Failed:
    """A refusal of a command as a problem."""
    detail = dict(answer.detail or {})
    errors = _faults(detail)
    said: dict[str, Any] = dict(more or {})
    if answer.command:
        said["command"] = answer.command
    if answer.answer is not None:
        said["answer"] = answer.answer
    if detail:
        said["subject_detail"] = detail
    status = status_of(answer.code, answer.rule)
    headers = {"Retry-After": str(RETRY_SECONDS)} if answer.code == "busy" else {}
    return Failed(
        status, answer.code, answer.message, rule=answer.rule, errors=errors, more=said, headers=headers
    )


def _faults(detail: dict[str, Any]) -> list[dict[str, Any]]:
    """The places that a refusal names, taken out of its detail."""
    faults = [
        {"detail": fault["problem"], **{key: value for key, value in fault.items() if key != "problem"}}
        for fault in detail.pop("faults", [])
    ]
    faults += [
        {
            "pointer": f"/commands/{row['index']}",
            "detail": row["message"],
            "code": row["code"],
            "rule": row["rule"],
        }
        for row in detail.pop("rows", [])
    ]
    return faults


def of_refusal(refusal: Refused, status: int | None = None) -> Failed:
    """A refusal that answers no command: of a read, or of a wish to prepare one."""
    detail = dict(refusal.detail)
    return Failed(
        status or (404 if isinstance(refusal, NotFound) else status_of(refusal.code, refusal.rule)),
        refusal.code,
        refusal.message,
        rule=refusal.rule,
        errors=_faults(detail),
        more={"subject_detail": detail} if detail else {},
    )


@contextmanager
def place_of(places: Places, whose: str, what: str) -> Iterator[None]:
    """A place for as long as this is open. Raises Failed: 429."""
    with ExitStack() as stack:
        try:
            stack.enter_context(places.of(whose))
        except Full as why:
            said = f"{'你方' if why.own else ''}{what}太多，请稍后再试"
            raise Failed(429, "too_many", said, headers={"Retry-After": str(RETRY_SECONDS)}) from None
        yield


# --- what the framework and our packages raise ----------------------------------------------------------

_WORDS = {
    "extra_forbidden": "没有此项",
    "missing": "缺少此项",
    "json_invalid": "不是 JSON",
    "int_parsing": "应为整数",
    "string_pattern_mismatch": "写法不对",
    "literal_error": "不在可选值之内",
    "enum": "不在可选值之内",
    "greater_than_equal": "过小",
    "less_than_equal": "过大",
    "string_too_long": "过长",
    "bool_parsing": "应为 true 或 false",
}


_QUOTED = re.compile("'([^']*)'")  # what the framework says may stand there


def _of_validation(error: RequestValidationError) -> Failed:
    errors = []
    for fault in error.errors():
        where, *path = fault["loc"]
        word = _WORDS.get(fault["type"], "不符合要求")
        if may := _QUOTED.findall(str(fault.get("ctx", {}).get("expected", ""))):
            word += f"；可填 {'、'.join(may)}"
        if where == "body":
            # Of what is no JSON the framework says at which letter, and that is no place in it.
            places = () if fault["type"] == "json_invalid" else path
            errors.append({"pointer": "".join(f"/{part}" for part in places), "detail": word})
        else:
            errors.append({"parameter": ".".join(map(str, path)) or str(where), "detail": word})
    told = [f"{one.get('parameter') or one['pointer'] or '内容'}：{one['detail']}" for one in errors]
    more = f"；共 {len(told)} 处" if len(told) > FAULTS_TOLD else ""
    return Failed(400, "bad_request", f"{'；'.join(told[:FAULTS_TOLD])}{more}", errors=errors)


_OF_STATUS = {
    404: ("no_such_page", "没有这个地址，可用的见 /docs"),
    400: ("bad_request", "内容读不懂，应为 JSON"),
    405: ("method_not_allowed", "这个地址不支持此方法，可用的见 /docs"),
    413: ("too_large", "内容超过了本接口的大小限额"),
}


def _of_http(error: HTTPException) -> Failed:
    code, detail = _OF_STATUS.get(error.status_code, ("bad_request", HTTPStatus(error.status_code).phrase))
    return Failed(error.status_code, code, detail, headers=dict(error.headers or {}))


def failed_of(error: Exception) -> Failed:
    """The problem that an error of ours is. What is no error of ours is a bug, and not caught."""
    if isinstance(error, Failed):
        return error
    if isinstance(error, RequestValidationError):
        return _of_validation(error)
    if isinstance(error, HTTPException):
        return _of_http(error)
    if isinstance(error, BadShape):
        return of_refusal(error, 400)
    if isinstance(error, Refused):
        return of_refusal(error)
    if isinstance(error, NotAdmitted):
        return Failed(status_of(error.code, error.rule), error.code, error.message, rule=error.rule)
    if isinstance(error, Malformed):
        return Failed(400, "bad_form", str(error), rule="FORMAT-5")
    if isinstance(error, Unreadable):
        return Failed(
            status_of(error.code, error.rule),
            error.code,
            error.message,
            rule=error.rule,
            more={"subject_detail": error.detail} if error.detail else {},
        )
    assert isinstance(error, StoreFailure | DBAPIError), error
    if isinstance(error, DBAPIError) and is_fault_of_ours(error):
        _log.error("the read tables were asked for what cannot be", exc_info=error)
        return internal()
    # What the database said may hold parts of statements, and is not for the caller.
    if isinstance(error, DBAPIError) and is_of_shape(error):
        _log.warning("the read tables are not as this program makes them", exc_info=error)
        return Failed(503, "not_ready", MISSHAPEN)
    return Failed(
        503,
        "store_failure",
        "数据库暂时没有答复，没有入账的请稍后原样再交",
        headers={"Retry-After": str(RETRY_SECONDS)},
    )


def internal() -> Failed:
    """What was sent is neither in the answer nor in the log of the server, which says where it happened."""
    return Failed(500, "internal", "本程序有错，请告知维护人员；没有答复入账的，请原样再交")


HANDLED: tuple[type[Exception], ...] = (
    Failed, RequestValidationError, HTTPException, Refused, NotAdmitted, Malformed, StoreFailure, DBAPIError, Unreadable,
)  # fmt: skip


def install(app: FastAPI) -> None:
    async def handle(_request: Request, error: Exception) -> Response:
        return failed_of(error).response()

    async def fail(_request: Request, _error: Exception) -> Response:
        return internal().response()

    for kind in HANDLED:
        app.add_exception_handler(kind, handle)
    app.add_exception_handler(Exception, fail)


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """For `responses=` of a route: the statuses at which it answers a problem."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": HTTPStatus(status).phrase, "content": content} for status in statuses}
