"""Whether it runs, whether it can do its work, and how much it has done: for the watchman, not for readers."""

from __future__ import annotations

import ipaddress

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import BaseModel

from api.http.problem import MISSHAPEN, Failed, json_response, problems
from api.http.service import Service, ServiceDep
from projections.database import are_ours

router = APIRouter(tags=["运行"])
LAG_MAX = 10_000  # entries that the rows may be behind


class Healthy(BaseModel):
    ok: bool


class Ready(BaseModel):
    ready: bool
    size: int
    projected: int
    writable: bool


@router.get("/healthz", operation_id="is_alive", summary="程序在运行", response_model=Healthy)
async def healthz() -> Response:
    return json_response({"ok": True}, headers={"Cache-Control": "no-store"})


@router.get(
    "/readyz",
    operation_id="is_ready",
    summary="可以办理和查阅",
    response_model=Ready,
    responses=problems(503),
)
def readyz(service: ServiceDep) -> Response:
    """数据库可读，读表是本程序的，在跟进，没有落后太多。"""
    size = service.desk.reader.size()
    if why := _in_the_way(service, size):
        raise Failed(503, "not_ready", why)
    told = {
        "ready": True,
        "size": size,
        "projected": service.projected,
        "writable": not service.desk.locked,
    }
    return json_response(told, headers={"Cache-Control": "no-store"})


def _in_the_way(service: Service, size: int) -> str:
    """Why the rows are not what the log says, or will not be soon; "" when nothing is."""
    if not are_ours(service.engine):
        return MISSHAPEN
    if not service.following:
        return f"读表停在第 {service.projected} 号，不再更新，请看服务的日志并重新启动；全账 {size} 条"
    if size - service.projected > LAG_MAX:
        return f"读表到第 {service.projected} 号，全账 {size} 条"
    return ""


@router.get(
    "/metrics",
    operation_id="get_metrics",
    summary="计数（Prometheus）",
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}, **problems(403)},
)
def metrics(request: Request, service: ServiceDep) -> Response:
    """只答本机。"""
    if not _is_local(request):
        raise Failed(403, "elsewhere_only", "计数只给本机的监控程序")
    text = service.metrics.text(
        log_size=service.desk.log.size,
        projected_size=service.projected,
        verified_size=service.verified.size,
        following=service.following,
        writable=not service.desk.locked,
    )
    return Response(text, headers={"Content-Type": CONTENT_TYPE_LATEST})


def _is_local(request: Request) -> bool:
    try:
        return request.client is not None and ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False
