"""How often each command was accepted in the days of a run, and which step gave it: so that what is rare is done more often."""

from collections import Counter
from collections.abc import Iterable, Mapping


class Rarity:
    """What is known of the days that are over. Of the day at hand nothing, so that the same draws are the same day again.

    `alike` are commands of which one is as good as the other: they are counted together.
    """

    def __init__(self, alike: Iterable[str]) -> None:
        self._alike = frozenset(alike)
        self._times: Counter[str] = Counter()
        self._given: dict[str, set[str]] = {}
        self._learns = True

    def of(self, step: str) -> int:
        """How often that was accepted which, of all that a step gave, was accepted least often; 0 of a step that gave nothing yet."""
        return min((self._times[one] for one in self._given.get(step, ())), default=0)

    def learn(self, gave: Mapping[str, Iterable[str]]) -> None:
        """What the steps of a day gave, which is over and went well."""
        for step, commands in gave.items() if self._learns else ():
            counted = ["" if one in self._alike else one for one in commands]
            self._times.update(counted)
            self._given.setdefault(step, set()).update(counted)

    def stop(self) -> None:
        """A day went wrong: whoever tells it again, and shorter, is to find what it found."""
        self._learns = False
