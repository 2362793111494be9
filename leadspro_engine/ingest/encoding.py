"""The bytes of a source file as text: what it is compressed with, what it is encoded in, where it is damaged.

1. ``.gz`` and ``.zst`` are unpacked while reading.
2. A byte order mark decides; else zero bytes at every other place mean UTF-16.
3. Else UTF-8 if the whole file is. If not, the lines with non-ASCII bytes vote: when most of them
   are UTF-8 the others are damaged and become rejects, when most are not the file is Windows-1252
   (ISO 8859-1 where it uses one of the five bytes that Windows-1252 leaves undefined).

Reading never stops on damage: a compressed file that ends early is read up to there, and says so.
"""

from __future__ import annotations

import codecs
import gzip
import hashlib
import io
import re
import zlib
from typing import TYPE_CHECKING, BinaryIO, cast

import pyarrow as pa
from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_BLOCK = 1 << 20
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_UNDEFINED_1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_DAMAGE = (EOFError, zlib.error, OSError, pa.ArrowException)


class Survey(Struct, frozen=True):
    """What a whole pass over a file says about it.

    Attributes:
        sha256: of the file as it lies on the disk, in hexadecimal.
        encoding: name of the Python codec that reads it.
        mixed: some of its lines are not in that encoding.
    """

    sha256: str
    encoding: str
    mixed: bool = False


class TextFile(io.TextIOWrapper):
    """The lines of a file, line ends kept; bytes that are not UTF-8 are lone surrogates."""

    def __init__(self, path: Path, encoding: str) -> None:
        self._bytes = _Unpacked(path)
        errors = "surrogateescape" if encoding.startswith("utf-8") else "replace"
        super().__init__(io.BufferedReader(self._bytes, _BLOCK), encoding, errors, newline="")
        self._CHUNK_SIZE = _BLOCK  # decoded at a time: 8 KB by default, which costs a tenth of reading

    @property
    def damage(self) -> str | None:
        """Why the file could not be read to its end; None when it was."""
        return self._bytes.damage


def survey(path: Path) -> Survey:
    """Read the whole file once: its checksum and its encoding.

    Raises:
        OSError: the file cannot be opened.
    """
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    with _Unpacked(path) as stream:
        start = stream.read(4096) or b""
    marked = _marked(start)
    if marked is not None:
        return Survey(sha256, marked, marked == "utf-8-sig" and not _is_utf8(path))
    if _is_utf8(path):
        return Survey(sha256, "utf-8")
    encoding, mixed = _elected(path)
    return Survey(sha256, encoding, mixed)


def stem_and_kind(path: Path) -> tuple[str, str]:
    """The name without its suffixes, and the suffix that says what is inside a compressed file.

    >>> from pathlib import Path
    >>> stem_and_kind(Path("in/crm.CSV.gz")), stem_and_kind(Path("people.jsonl"))
    (('crm', '.csv'), ('people', '.jsonl'))
    """
    name = path.name.lower()
    for packed in (".gz", ".zst"):
        name = name.removesuffix(packed)
    stem, dot, kind = name.rpartition(".")
    return (stem, dot + kind) if stem else (name, "")


def readable(line: str) -> str:
    r"""A line as text that can be stored: bytes that could not be decoded are shown as ``\xNN``."""
    return line.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


class _Unpacked(io.RawIOBase):
    """The unpacked bytes of a file; damage ends it early instead of raising."""

    def __init__(self, path: Path) -> None:
        self.damage: str | None = None
        self._file = path.open("rb")
        self._inner: BinaryIO | pa.NativeFile = self._file
        if path.name.lower().endswith(".gz"):
            self._inner = cast("BinaryIO", gzip.GzipFile(fileobj=self._file))
        elif path.name.lower().endswith(".zst"):
            self._inner = pa.CompressedInputStream(pa.PythonFile(self._file, mode="r"), "zstd")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]  # typeshed asks for any Buffer
        if self.damage is not None:
            return 0
        try:
            data = self._read(len(buffer))
        except _DAMAGE as exc:
            self.damage = f"the file is damaged: {str(exc) or type(exc).__name__}"
            return 0
        buffer[: len(data)] = data
        return len(data)

    def _read(self, size: int) -> bytes:
        read = self._inner.read1 if isinstance(self._inner, gzip.GzipFile) else self._inner.read
        return cast("bytes", read(size))

    def close(self) -> None:
        if not self.closed:
            self._inner.close()
            self._file.close()
        super().close()


def _marked(start: bytes) -> str | None:
    """The encoding that a byte order mark or the places of zero bytes show."""
    for mark, encoding in _BOMS:
        if start.startswith(mark):
            return encoding
    even, odd = start[0::2], start[1::2]
    if len(odd) >= 2 and odd.count(0) > 0.3 * len(odd) and even.count(0) == 0:
        return "utf-16-le"
    if len(odd) >= 2 and even.count(0) > 0.3 * len(even) and odd.count(0) == 0:
        return "utf-16-be"
    return None


def _blocks(path: Path) -> Iterator[bytes]:
    with _Unpacked(path) as stream:
        while block := stream.read(_BLOCK):
            yield block


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for block in _blocks(path):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _elected(path: Path) -> tuple[str, bool]:
    """The encoding of a file that is not UTF-8 throughout, and whether some lines are damaged."""
    good = bad = 0
    undefined = False
    with _Unpacked(path) as stream:
        for line in io.BufferedReader(stream, _BLOCK):
            if line.isascii():
                continue
            try:
                line.decode("utf-8")
                good += 1
            except UnicodeDecodeError:
                bad += 1
                undefined = undefined or _UNDEFINED_1252.search(line) is not None
    if good > bad:
        return "utf-8", True
    return ("latin-1" if undefined else "cp1252"), False
