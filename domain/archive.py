"""The archive of this package (规则包): the same files always give the same bytes (D6). Pure: the shell reads files.

Its SHA-256 stands in the opening and in every adoption; it is importable as it is.
"""

import io
import zipfile
from collections.abc import Mapping

KEPT_SUFFIX = ".py"
KEPT_NAMES = frozenset({"catalogue.json", "RULES.md"})
_WHEN = (1980, 1, 1, 0, 0, 0)


def is_kept(name: str) -> bool:
    """Whether a file of the package belongs to its archive; names are relative to the package, with `/`."""
    return name in KEPT_NAMES or name.endswith(KEPT_SUFFIX)


def archive(files: Mapping[str, bytes]) -> bytes:
    """A zip of the package's files, by name: stored, in order of name, with one date and one mode."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as made:
        for name in sorted(filter(is_kept, files)):
            entry = zipfile.ZipInfo(f"domain/{name}", _WHEN)
            entry.create_system = 3  # Unix, wherever it is made
            entry.external_attr = 0o100644 << 16
            made.writestr(entry, files[name])
    return stream.getvalue()
