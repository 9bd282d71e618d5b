"""Many callers, one at work: who comes while somebody works waits, and is worked for together with all others who wait."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

Task = TypeVar("Task")


class _Caller(Generic[Task]):
    """One caller with a task: woken once, when its task was worked on, or to lead the next group."""

    __slots__ = ("error", "gate", "leads", "task")

    def __init__(self, task: Task) -> None:
        self.task = task
        self.gate: threading.Lock | None = None  # taken; whoever wakes this caller releases it
        self.leads = False
        self.error: BaseException | None = None


class Together(Generic[Task]):
    """An idle caller works for itself alone; callers that come meanwhile wait, and the first of them leads the next group.

    So one who is alone pays for no other thread, and many who come at once pay for what is done once a group only once.
    """

    def __init__(
        self, work: Callable[[list[Task]], None], most: int, weight: Callable[[Task], int] = lambda _: 1
    ) -> None:
        """`work` gets the tasks in the order they came, and leaves in each what became of it; an error that it raises is raised to
        all callers of the group. A group takes on tasks as long as those before weigh less than `most`."""
        self._work, self._most, self._weight = work, most, weight
        self._mutex = threading.Lock()  # guards what follows
        self._leading = False
        self._waiting: list[_Caller[Task]] = []

    def do(self, task: Task) -> None:
        """Have a task worked on, alone or with others. Returns when it is done."""
        one = _Caller(task)
        with self._mutex:
            leads = not self._leading
            if leads:
                self._leading = True
            else:
                one.gate = threading.Lock()
                one.gate.acquire()
                self._waiting.append(one)
        if not leads:
            leads = self._wait(one)
        if leads:
            self._lead(one)
        if one.error is not None:
            raise one.error

    def _wait(self, one: _Caller[Task]) -> bool:
        """Wait for the end, or for the lead. A caller that is interrupted leaves the queue, or hands the lead on."""
        assert one.gate is not None
        try:
            one.gate.acquire()
        except BaseException:
            with self._mutex:
                if one in self._waiting:
                    self._waiting.remove(one)
                elif one.leads:
                    self._hand_on()
            raise
        return one.leads

    def _hand_on(self) -> None:
        """Let the first waiter lead the next group. With the mutex held."""
        if not self._waiting:
            self._leading = False
            return
        following = self._waiting.pop(0)
        following.leads = True
        assert following.gate is not None
        following.gate.release()

    def _lead(self, one: _Caller[Task]) -> None:
        group = [one]
        with self._mutex:
            weight = self._weight(one.task)
            while self._waiting and weight < self._most:
                group.append(self._waiting.pop(0))
                weight += self._weight(group[-1].task)
        try:
            self._work([caller.task for caller in group])
        except BaseException as error:  # noqa: BLE001 - every caller must learn of it
            for caller in group:
                caller.error = error
        finally:
            with self._mutex:
                self._hand_on()
            for caller in group[1:]:
                assert caller.gate is not None
                caller.gate.release()
