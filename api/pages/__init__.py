"""Pages for people: server-rendered, in Chinese, without a script; read-only."""

from __future__ import annotations

from fastapi import FastAPI


def install(app: FastAPI) -> None:
    """Every page and its assets."""
