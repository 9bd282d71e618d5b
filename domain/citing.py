"""Citing papers (引用材料): what a command rests on, weighed as its grounds by the nature of the command (DOC-1 to DOC-3, DOC-6, DOC-7).

A guard sees that the paper is there, of the kind that is asked for, sound, dated as it must be, and about the subject.
"""

from collections.abc import Callable, Collection, Iterable, Sequence

from domain.document import SOUND, Document, kinds_label
from domain.errors import Refused
from domain.errors_disposal import DocumentMissing, ForeignDocument, WeakSource, YoungDocument
from domain.holding import EVIDENCE
from domain.world import Case


def cited(case: Case, ids: Iterable[str], about: Collection[str] = ()) -> list[Document]:
    """The documents that a command cites, weighed as its grounds: sound (DOC-3), no younger than the step
    (DOC-6), and about the subject or one of those it stands for (DOC-7; nothing asked when `about` is empty)."""
    documents = [case.world.get(Document, one, "材料") for one in dict.fromkeys(ids)]
    weigh_sources(case, documents)
    _weigh(
        case,
        "DOC-6",
        [one for one in documents if one.issued_on > case.occurred_on],
        lambda one: YoungDocument(
            f"{one.called}的日期 {one.issued_on} 晚于所办事项的 {case.occurred_on}",
            subject=one.id,
        ),
    )
    if about:
        _weigh(
            case,
            "DOC-7",
            [one for one in documents if not set(one.subjects) & set(about)],
            lambda one: ForeignDocument(
                f"{one.called}登记时没有关联所办事项或其资产，不能作为依据", subject=one.id
            ),
        )
    return documents


def require_filed(case: Case, identity: str) -> None:
    """That a document which is named, if one is, is there (ID-2)."""
    if identity:
        case.world.get(Document, identity, "材料")


def weigh_sources(case: Case, documents: Sequence[Document]) -> None:
    """An act rests on originals or copies (DOC-3)."""
    _weigh(
        case,
        "DOC-3",
        [one for one in documents if one.quality not in SOUND],
        lambda one: WeakSource(
            f"{one.called}为“{EVIDENCE[one.quality]}”，办理须以原件或复印件为据",
            subject=one.id,
        ),
    )


def _weigh(case: Case, rule: str, faulty: Sequence[Document], refusal: Callable[[Document], Refused]) -> None:
    case.weigh(rule, not faulty, lambda: refusal(faulty[0]))


def cited_as(
    case: Case, identity: str, kinds: Sequence[str], what: str, about: Collection[str] = ()
) -> Document | None:
    """The one document that a step must rest on, of one of these kinds (DOC-1, DOC-2)."""
    if not identity:
        require_kinds(case, [], [kinds], what)
        return None
    document = case.world.get(Document, identity, "材料")
    document.require_kind(kinds, what)
    cited(case, [identity], about)
    return document


def require_kinds(
    case: Case, documents: Iterable[Document], demanded: Iterable[Sequence[str]], what: str
) -> None:
    """Each demand is met by a document of one of its kinds (DOC-1)."""
    missing = kinds_missing(documents, demanded)
    case.weigh("DOC-1", not missing, lambda: papers_missing(what, missing))


def kinds_missing(documents: Iterable[Document], demanded: Iterable[Sequence[str]]) -> list[Sequence[str]]:
    """The demands that no document meets."""
    there = {one.kind for one in documents}
    return [kinds for kinds in demanded if not there & set(kinds)]


def papers_missing(what: str, missing: Sequence[Sequence[str]]) -> DocumentMissing:
    return DocumentMissing(
        f"{what}缺少材料：{'、'.join(kinds_label(kinds) for kinds in missing)}",
        missing=[list(kinds) for kinds in missing],
    )
