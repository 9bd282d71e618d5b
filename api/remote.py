"""The other end of HTTP: how the command line speaks to a ledger that is served elsewhere. Standard library only."""

from __future__ import annotations

import json
import socket
import ssl
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any

from api.ceremony import NotDone
from api.desk import Answer
from api.http.auth import SESSION, statement
from api.keyfile import KeyFile
from audit import dsse
from audit.admission import NotAdmitted
from domain.erasure import BEARERS
from domain.errors import NotFound
from domain.values import kind_of

SECONDS = 30
NOT_FOUND = 404


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """A session at a server. `token` reads what the key may read; it signs nothing."""

    token: str
    origin: str
    key: str
    role: str
    role_title: str
    expires_in: int

    def json(self) -> dict[str, Any]:
        return {
            "token": self.token,
            "origin": self.origin,
            "key": self.key,
            "role": self.role,
            "expires_in": self.expires_in,
        }


class Unreachable(NotDone):
    """Nobody who speaks for a ledger answers at an address; the message says what to look at."""

    code = "unreachable"


class Told(NotAdmitted):
    """A refusal that came as a problem document."""

    def __init__(self, problem: Mapping[str, Any]) -> None:
        super().__init__(str(problem["code"]), str(problem["rule"]), str(problem["detail"]))
        self.problem = problem


def call(url: str, value: Any = None, *, token: str = "", method: str = "POST") -> Any:
    """POST a JSON value, or GET without one; the JSON answer. Raises Told for what the server refuses, Unreachable when it is not there."""
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    if not is_address(url):
        raise Unreachable(f"{url} 不是网址，应写作 http://127.0.0.1:8000")
    body = json.dumps(value or {}).encode() if method == "POST" else None
    request = urllib.request.Request(url, body, headers, method=method)  # noqa: S310 - looked at above
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310 - as above
            return json.load(answer)
    except urllib.error.HTTPError as error:
        raise _refused(error) from None
    except (OSError, HTTPException, ValueError) as error:
        raise Unreachable(_silent(url, error)) from None


def is_address(url: str) -> bool:
    try:
        parts = urllib.parse.urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _silent(url: str, error: Exception) -> str:
    """Why nobody answers, for people."""
    place, cause = "{0.scheme}://{0.netloc}".format(urllib.parse.urlsplit(url)), error
    if isinstance(error, urllib.error.URLError) and isinstance(error.reason, Exception):
        cause = error.reason
    match cause:
        case ConnectionRefusedError():
            why = "那里没有服务在运行。请核对地址和端口，并确认对方已运行 bangfu serve"
        case TimeoutError():
            why = f"等了 {SECONDS} 秒没有答复。请核对地址，或稍后再试"
        case socket.gaierror():
            why = "找不到这台主机。请核对地址的写法和网络"
        case ssl.SSLError():
            why = "证书或加密对不上。请核对是 https 还是 http，并请对方检查证书"
        case ValueError():
            why = "答复的不是台账的内容。请核对地址"
        case _:
            why = "连接中断。请检查网络，稍后再试"
    return f"连不上 {place}：{why}"


def _refused(error: urllib.error.HTTPError) -> Exception:
    with error:
        try:
            told: Mapping[str, Any] = json.load(error)
            return Told(told)
        except (ValueError, KeyError, TypeError):
            return Unreachable(f"{error.url} 答复 {error.code}，不像是台账的服务。请核对地址")


def submit(url: str, value: Any) -> Answer:
    """Hand in an envelope, or a batch as FORMAT 5.3 puts it on the wire. The answer as the desk itself would give it."""
    way = "commands:batch" if isinstance(value, dict) and "commands" in value else "commands"
    try:
        told = call(f"{url.rstrip('/')}/api/v1/{way}", value)
    except Told as refused:
        problem = refused.problem
        return Answer(
            command=problem.get("command", ""),
            code=problem["code"],
            rule=problem["rule"],
            message=problem["detail"],
            detail={**problem.get("subject_detail", {}), **_faults(problem.get("errors", []))},
            answer=problem.get("answer"),
        )
    results = told.get("results", [])
    return Answer(
        command=told["command"],
        position=told["position"],
        n=told["n"],
        replayed=told["replayed"],
        accepted=tuple((row["index"], row["index"]) for row in results if row["status"] == "recorded"),
        refused=tuple(
            (row["index"], row["code"], row["rule"], row["detail"])
            for row in results
            if row["status"] == "refused"
        ),
    )


def _faults(errors: list[dict[str, Any]]) -> dict[str, Any]:
    """The places of a problem as a refusal of the domain has them."""
    faults = [
        {"problem": one["detail"], **{key: value for key, value in one.items() if key != "detail"}}
        for one in errors
        if one.get("pointer", "").startswith("/payload")
    ]
    return {"faults": faults} if faults else {}


def log_in(url: str, key: KeyFile) -> LoggedIn:
    """A session for the holder of a key. What is signed names the address that we know the server by, not what it says it is."""
    base = url.rstrip("/")
    asked = call(f"{base}/api/v1/challenges")
    body = statement(
        audience=urllib.parse.urlsplit(base).netloc.lower(),
        challenge=str(asked["challenge"]),
        key=key.key_id,
        origin=str(asked["origin"]),
    )
    signature = key.signer.sign(dsse.pae(SESSION, body))
    told = call(
        f"{base}/api/v1/sessions",
        {
            "payload": dsse.b64(body),
            "payloadType": SESSION,
            "signatures": [{"keyid": key.key_id, "sig": dsse.b64(signature)}],
        },
    )
    return LoggedIn(
        token=told["token"],
        origin=asked["origin"],
        key=told["key"],
        role=told["role"],
        role_title=told["role_title"],
        expires_in=told["expires_in"],
    )


def names(url: str, subject: str, token: str) -> Any:
    """The names that a subject is about (`/{plural}/{id}/names`), for who may know them. Raises NotFound (ID-2)."""
    from api.http.nouns import BY_KIND, NOUNS  # noqa: PLC0415 - only who asks for names needs the nouns

    kind, _, name = subject.partition(":") if ":" in subject else (kind_of(subject), "", subject)
    nouns = {one.code or one.kind: one for one in NOUNS.values()} | dict(BY_KIND)
    noun = nouns.get(kind)
    if noun is None or noun.kind not in BEARERS:
        raise NotFound(f"“{subject}”不是资产、债权债务或处置，不载个人信息", subject=subject)
    path = f"/api/v1/{noun.plural}/{urllib.parse.quote(name, safe='')}/names"
    try:
        return call(url.rstrip("/") + path, token=token, method="GET")
    except Told as refused:
        if refused.problem.get("status") == NOT_FOUND:
            raise NotFound(refused.message, subject=subject) from None
        raise


def link(url: str, token: str) -> str:
    """An address that opens the same key's session in a browser, once."""
    base = url.rstrip("/")
    return base + str(call(f"{base}/api/v1/sessions:link", token=token)["path"])
