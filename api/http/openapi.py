"""The description (OpenAPI 3.1) with the schema of every command, and the vendored page that shows it. No request leaves the server."""

from __future__ import annotations

from importlib.resources import as_file, files
from typing import Any

from fastapi import APIRouter, FastAPI, Response
from fastapi.openapi.utils import get_openapi
from fastapi.staticfiles import StaticFiles

from api.http.commands import BatchEnvelope, DisclosedEnvelope, Envelope
from api.http.problem import MEDIA_TYPE, Problem
from domain.catalogue import catalogue

TITLE = "帮扶台账"
_REF = "#/components/schemas/"
_PAGE = """<!doctype html>
<html lang="zh-CN"><meta charset="utf-8"><title>帮扶台账 API</title>
<link rel="stylesheet" href="/docs/assets/swagger-ui.css"><link rel="icon" href="/docs/assets/favicon.png">
<div id="swagger-ui"></div>
<script src="/docs/assets/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script></html>
"""
_START = (
    'SwaggerUIBundle({url: "/openapi.json", dom_id: "#swagger-ui", deepLinking: true, validatorUrl: null});\n'
)
_POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"

router = APIRouter(include_in_schema=False)


@router.get("/docs")
async def docs() -> Response:
    return Response(_PAGE, media_type="text/html", headers={"Content-Security-Policy": _POLICY})


@router.get("/docs/start.js")
async def start() -> Response:
    return Response(_START, media_type="text/javascript")


def install(app: FastAPI) -> None:
    """The page and its assets, which a package of ours brings, and the description."""
    app.include_router(router)
    with as_file(files("fastapi_offline") / "static") as directory:
        app.mount("/docs/assets", StaticFiles(directory=directory), name="docs")
    app.openapi = lambda: _described(app)  # type: ignore[method-assign]


def _described(app: FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
        found = get_openapi(
            title=TITLE,
            version=app.version,
            description=app.description,
            routes=app.routes,
        )
        schemas = found.setdefault("components", {}).setdefault("schemas", {})
        for model in (Problem, Envelope, DisclosedEnvelope, BatchEnvelope):
            schema = model.model_json_schema(ref_template=_REF + "{model}")
            schemas.update(schema.pop("$defs", {}))
            schemas[model.__name__] = schema
        schemas.update(_commands())
        for name in ("HTTPValidationError", "ValidationError"):
            schemas.pop(name, None)
        for path in found["paths"].values():
            for operation in path.values():
                _say_what_is_answered(operation)
        found["components"]["securitySchemes"] = {
            "session": {
                "type": "http",
                "scheme": "bearer",
                "description": "POST /api/v1/challenges，签名，POST /api/v1/sessions",
            }
        }
        app.openapi_schema = found
    return app.openapi_schema


def _say_what_is_answered(operation: dict[str, Any]) -> None:
    """The framework's own form of errors is never sent; a route that answers 401 asks for a session."""
    responses = operation["responses"]
    if MEDIA_TYPE not in responses.get("422", {}).get("content", {MEDIA_TYPE: None}):
        del responses["422"]
    if "401" in responses:
        operation["security"] = [{"session": []}]


def _commands() -> dict[str, Any]:
    """The payload of each command under its name, as a component."""
    found: dict[str, Any] = {}
    for name, one in catalogue()["commands"].items():
        schema = dict(one["schema"])
        definitions = schema.pop("$defs", {})
        for part, definition in definitions.items():
            found[f"{name}.{part}"] = _renamed(definition, name)
        found[name] = _renamed(schema, name) | {"title": one["title"]}
    return found


def _renamed(value: Any, name: str) -> Any:
    """The same schema, its references to parts of its own made into references to components."""
    if isinstance(value, dict):
        return {
            key: f"{_REF}{name}.{one.rpartition('/')[2]}" if key == "$ref" else _renamed(one, name)
            for key, one in value.items()
        }
    return [_renamed(one, name) for one in value] if isinstance(value, list) else value
