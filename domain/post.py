"""Posts (岗位): what an organisation lets somebody do, and over which areas. A key is enrolled for one post."""

from typing import Annotated, ClassVar

from eventsourcing.domain import event
from pydantic import Field

from domain.authority import ROLE_LABELS, Role
from domain.base import Aggregate, Event
from domain.command import Payload, command
from domain.errors import CapacityNotHeld, LabelDiffers, Taken
from domain.values import AreaId, FilledLine, FilledText, OrganisationId, PostId
from domain.world import Case

Areas = Annotated[list[AreaId], Field(min_length=1, max_length=100)]


@command(
    "post.establish.v1",
    title="设立岗位",
    may={"act": ("registrar",)},
    events=("post.established.v1",),
)
class EstablishPost(Payload):
    of_any_day: ClassVar = True

    areas: Areas
    organisation: OrganisationId
    post: PostId
    role: Role
    title: FilledLine

    def summary(self) -> str:
        return f"设立岗位：{self.title}（{ROLE_LABELS[self.role]}），辖区 {len(self.areas)} 个"

    def decide(self, case: Case) -> None:
        case.world.organisation(self.organisation)
        for area in self.areas:
            case.world.area(area)
        if (
            self.post in case.world.directory.posts
        ):  # a first registrar's post has no stream: its count says nothing
            raise Taken(f"岗位编号 {self.post} 已被使用，请换一个", subject=self.post)
        case.world.create(Post, self.post, "岗位编号").establish(self)


@command(
    "post.close.v1",
    title="撤销岗位",
    may={"act": ("registrar",)},
    events=("post.closed.v1",),
)
class ClosePost(Payload):
    of_any_day: ClassVar = True

    post: PostId
    reason: FilledText
    title: FilledLine

    def summary(self) -> str:
        return f"撤销岗位：{self.title}"

    def decide(self, case: Case) -> None:
        case.world.get(Post, self.post, "岗位").close(self)


class Post(Aggregate):
    """A post of an organisation, with its role and its areas."""

    TOPIC = "post"

    class Established(Event):
        TOPIC = "post.established.v1"
        areas: list[str]
        organisation: str
        post: str
        role: str
        title: str

    class Closed(Event):
        TOPIC = "post.closed.v1"
        post: str
        reason: str

    def _begin(self) -> None:
        self.title = ""
        self.closed = False

    def establish(self, asked: EstablishPost) -> None:
        self._established(
            areas=list(asked.areas),
            organisation=asked.organisation,
            post=asked.post,
            role=asked.role,
            title=asked.title,
        )

    def close(self, asked: ClosePost) -> None:
        if self.closed:
            raise CapacityNotHeld(f"岗位 {self.id} 已撤销，不必再撤", subject=self.id)
        if asked.title != self.title:  # ID-3
            raise LabelDiffers(
                f"岗位 {self.id} 的名称是“{self.title}”，所写是“{asked.title}”", subject=self.id
            )
        self._closed(post=asked.post, reason=asked.reason)

    @event(Established)
    def _established(self, *, areas: list[str], organisation: str, post: str, role: str, title: str) -> None:
        self.title = title

    @event(Closed)
    def _closed(self, *, post: str, reason: str) -> None:
        self.closed = True
