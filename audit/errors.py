"""The two ways in which bytes are not believed: a failed step of verify, and a malformed input."""

from __future__ import annotations


class NotBelieved(Exception):
    """A check of the procedure failed. `step` is its number in FORMAT 15, `position` the entry or None for the whole log."""

    def __init__(self, step: int, position: int | None, detail: str) -> None:
        super().__init__(f"第 {step} 步，{'全账' if position is None else f'第 {position} 号'}：{detail}")
        self.step, self.position, self.detail = step, position, detail


class Malformed(ValueError):
    """Bytes that do not have the form that FORMAT gives them; the message says which rule and what stands there."""
