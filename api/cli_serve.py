"""`bangfu serve login`: the ledger over HTTP, and how its holder's key opens a browser."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from api.ceremony import NotDone
from api.cli_say import AsJson, Data, ReaderKey, Url, add, open_desk, out, out_json, say
from api.keyfile import load


def serve(
    data: Data,
    host: Annotated[str, typer.Option(metavar="HOST", help="监听的地址；0.0.0.0 为全部")] = "127.0.0.1",
    port: Annotated[int, typer.Option(metavar="PORT", min=0, max=65535, help="监听的端口")] = 8000,
    as_json: AsJson = False,
) -> None:
    """以 HTTP 提供台账：登记、查阅、页面。停止用 Ctrl-C，办理中的办完再停。"""
    from api.serving import Server, service_for, vault_trouble  # noqa: PLC0415 - the other commands start faster without a server

    with open_desk(data) as desk:
        if desk.locked:
            say(desk.locked)
        if trouble := vault_trouble(desk):
            say(trouble)
        service = service_for(desk, host=host, hosts=desk.settings.host_names)
        if host in ("0.0.0.0", "::") and not desk.settings.host_names:  # noqa: S104 - asked, not bound
            say("别的电脑所用的名字或地址要写进设置 BANGFU_HOSTS，否则只答本机")
        server = Server(service, host=host, port=port, ready=_ready_as_json if as_json else _ready)
        with suppress(SystemExit):  # so the library ends the program when it cannot listen
            server.run()
    if not server.started:
        raise NotDone(f"{host}:{port} 不能监听，端口或许已被占用：先停掉那个服务，或用 --port 另选一个")


def _url(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _ready_as_json(host: str, port: int) -> None:
    url = _url(host, port)
    out_json({"url": url, "docs": f"{url}/docs"})
    sys.stdout.flush()  # whoever started it reads this line while it runs


def _ready(host: str, port: int) -> None:
    url = _url(host, port)
    say(f"台账在 {url}，接口说明在 {url}/docs")
    say(f"登录：另开一个终端，bangfu login --url {url} --key 密钥文件，再打开所给的链接")


def login(
    url: Url,
    key: ReaderKey,
    token: Annotated[bool, typer.Option("--token", help="给出会话，供程序使用，不给链接")] = False,
    as_json: AsJson = False,
) -> None:
    """用台账密钥登录：给出一次有效的链接，在浏览器中打开即可查阅。密钥不离开本机。"""
    from api import remote  # noqa: PLC0415 - as above

    found = remote.log_in(url, load(Path(key)))
    if token:
        out_json(found.json()) if as_json else out(found.token)
        return
    link = remote.link(url, found.token)
    if as_json:
        out_json({"url": link, **found.json()})
    else:
        say(f"已以{found.role_title}身份登录 {found.origin}，链接两分钟内一次有效：")
        out(link)


def register(app: typer.Typer) -> None:
    add(app, "serve", serve)
    add(app, "login", login)
