"""Files and folders that come to be whole or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import IO, Any

from gpsa_graph import vocab
from gpsa_graph.errors import OutputError


@contextmanager
def atomic(path: str | Path, *, binary: bool = False) -> Iterator[IO[Any]]:
    """A stream whose content becomes the file `path` when the block ends well; until then the old file stays.

    Text is UTF-8 with `\\n` line ends. A device or pipe is written directly, a link is followed. Raises OutputError, in one
    sentence, where the file cannot be written.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with atomic(Path(folder) / "a.txt") as stream:
    ...         _ = stream.write("whole")
    ...     (Path(folder) / "a.txt").read_text("utf-8")
    'whole'
    """
    target = Path(path)
    if os.path.isdir(target):
        raise OutputError(f"'{target}' is a folder; name a file in it")
    special = os.path.exists(target) and not os.path.isfile(target)
    real = target if special else Path(os.path.realpath(target))
    new = real if special else real.with_name(f".{vocab.digest(real.name)}-{os.getpid()}.new")
    try:
        with open(new, "wb") if binary else open(new, "w", encoding="utf-8", newline="\n") as stream:
            yield stream
            if not special:
                stream.flush()
                os.fsync(stream.fileno())
        if not special:
            os.replace(new, real)
    except OSError as error:
        if error.errno == errno.EPIPE:
            raise
        raise OutputError(f"'{target}' cannot be written: {_reason(error)}") from None
    finally:
        if not special:
            with suppress(OSError):
                os.unlink(new)


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def without_clock(raw: bytes, day: date) -> bytes:
    """The same archive (.xlsx, .docx) with the date of the data in place of the time of writing."""
    import re
    from io import BytesIO
    from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

    made = BytesIO()
    with ZipFile(BytesIO(raw)) as source, ZipFile(made, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                stamp = rb"\g<1>" + day.isoformat().encode() + rb"T00:00:00Z"
                content = re.sub(rb"(<dcterms:(created|modified)[^>]*>)[^<]*", stamp, content)
            info = ZipInfo(name, (max(day.year, 1980), day.month, day.day, 0, 0, 0))
            info.compress_type = ZIP_DEFLATED
            target.writestr(info, content)
    return made.getvalue()


def write(path: Path, content: str | bytes) -> None:
    """Write a file of a folder that nobody reads yet, and have it on the disk."""
    raw = content.encode() if isinstance(content, str) else content
    with open(path, "wb") as stream:
        stream.write(raw)
        stream.flush()
        os.fsync(stream.fileno())


@contextmanager
def fresh_folder(path: Path, refusal: Callable[[Path], str]) -> Iterator[Path]:
    """A new folder beside `path` that takes its place when the block ends well; until then the old one stays.

    `refusal` looks at an old folder and says, in half a sentence, why it must not be replaced ("" where it may). What an
    interrupted run has left is cleared by the next one. Raises OutputError where the folder may not or cannot be written,
    or where another process is writing it.
    """
    out = Path(os.path.realpath(path))
    new, old = (out.with_name(f".{out.name}.{end}") for end in ("new", "old"))
    if os.path.exists(out) and not os.path.isdir(out):
        raise OutputError(f"'{path}' is a file; name a folder")
    lock = -1
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        lock = _locked(new)
        if lock < 0:
            raise OutputError(f"another process is writing '{path}'; wait until it is done")
        _empty(new)
        if old.exists():
            _remove(old) if out.exists() else os.rename(old, out)
        if out.exists() and (why := refusal(out)):
            raise OutputError(f"'{path}' is not replaced: {why}")
        yield new
        _swap(new, out, old)
    except OSError as error:
        raise OutputError(f"'{path}' cannot be written: {_reason(error)}; nothing was changed") from None
    finally:
        if lock >= 0:
            _remove(new)
            os.close(lock)


def _locked(folder: Path) -> int:
    """Make the folder if need be and lock it until this process ends; -1 where another process has it."""
    folder.mkdir(exist_ok=True)
    if os.name != "posix":  # folders cannot be locked there
        return os.open(os.devnull, os.O_RDONLY)
    import fcntl

    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.path.samestat(os.fstat(handle), os.stat(folder)):
            return handle
    except (BlockingIOError, FileNotFoundError):
        pass
    os.close(handle)
    return -1


def _swap(new: Path, out: Path, old: Path) -> None:
    """Put `new` where `out` is: in one step where the system can, else in two."""
    if not out.exists():
        os.rename(new, out)
    elif not _exchanged(new, out):
        os.rename(out, old)
        os.rename(new, out)
        _remove(old)


def _exchanged(a: Path, b: Path) -> bool:
    """Exchange two folders in one step (Linux, `renameat2`); False where system or file system cannot."""
    import ctypes

    try:
        call = ctypes.CDLL(None).renameat2
    except (OSError, AttributeError):
        return False
    here, exchange = -100, 2
    return bool(call(here, os.fsencode(a), here, os.fsencode(b), exchange) == 0)


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        _remove(path) if path.is_dir() and not path.is_symlink() else path.unlink()


def _remove(folder: Path) -> None:
    import shutil

    shutil.rmtree(folder, ignore_errors=True)
