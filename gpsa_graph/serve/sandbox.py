"""What a query worker may not do: the kernel refuses it, whatever the query or the engine tries.

Linux only. A seccomp filter (BPF, written here as bytes) makes the calls that open a connection, start a program, or
change files fail with EACCES in every thread of the process. Source: Linux kernel documentation, "Seccomp BPF".
"""

from __future__ import annotations

import ctypes
import platform
import struct
import sys

_EACCES = 13
_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
_SECCOMP_SET_MODE_FILTER, _TSYNC = 1, 1
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_X32 = 0x40000000

#: Calls that are refused, with their numbers: connections, io_uring (a way round the filter), programs, other processes, files.
_REFUSED = {
    "x86_64": {
        "socket": 41,
        "connect": 42,
        "accept": 43,
        "bind": 49,
        "listen": 50,
        "socketpair": 53,
        "accept4": 288,
        "io_uring_setup": 425,
        "io_uring_enter": 426,
        "io_uring_register": 427,
        "fork": 57,
        "vfork": 58,
        "execve": 59,
        "execveat": 322,
        "kill": 62,
        "ptrace": 101,
        "process_vm_readv": 310,
        "process_vm_writev": 311,
        "pidfd_getfd": 438,
        "bpf": 321,
        "userfaultfd": 323,
        "perf_event_open": 298,
        "rename": 82,
        "mkdir": 83,
        "rmdir": 84,
        "link": 86,
        "unlink": 87,
        "symlink": 88,
        "chmod": 90,
        "chown": 92,
        "mknod": 133,
        "mount": 165,
        "mkdirat": 258,
        "unlinkat": 263,
        "renameat": 264,
        "linkat": 265,
        "symlinkat": 266,
        "renameat2": 316,
        "truncate": 76,
        "open_by_handle_at": 304,
    },
    "aarch64": {
        "socket": 198,
        "connect": 203,
        "accept": 202,
        "bind": 200,
        "listen": 201,
        "socketpair": 199,
        "accept4": 242,
        "io_uring_setup": 425,
        "io_uring_enter": 426,
        "io_uring_register": 427,
        "execve": 221,
        "execveat": 281,
        "kill": 129,
        "ptrace": 117,
        "process_vm_readv": 270,
        "process_vm_writev": 271,
        "pidfd_getfd": 438,
        "bpf": 280,
        "userfaultfd": 282,
        "perf_event_open": 241,
        "mknodat": 33,
        "mkdirat": 34,
        "unlinkat": 35,
        "symlinkat": 36,
        "linkat": 37,
        "renameat": 38,
        "mount": 40,
        "truncate": 45,
        "renameat2": 276,
        "open_by_handle_at": 265,
    },
}
_ARCHITECTURE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_SECCOMP_CALL = {"x86_64": 317, "aarch64": 277}


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]


def available() -> bool:
    """Whether the shields can be put up on this machine: Linux on x86-64 or 64-bit ARM."""
    return sys.platform == "linux" and platform.machine() in _REFUSED


def _step(code: int, value: int, yes: int = 0, no: int = 0) -> bytes:
    return struct.pack("=HBBI", code, yes, no, value)


def program(machine: str) -> bytes:
    """The filter: kill on a foreign call table, EACCES on the refused calls, else allow.

    >>> len(program("x86_64")) % 8
    0
    """
    numbers = sorted(set(_REFUSED[machine].values()))
    head = [
        _step(_LOAD, 4),
        _step(_EQUAL, _ARCHITECTURE[machine], 1, 0),
        _step(_RETURN, _KILL),
        _step(_LOAD, 0),
        _step(_AT_LEAST, _X32, 0, 1),
        _step(_RETURN, _KILL),
    ]
    tests = [_step(_EQUAL, number, len(numbers) - i, 0) for i, number in enumerate(numbers)]
    return b"".join([*head, *tests, _step(_RETURN, _ALLOW), _step(_RETURN, _ERRNO | _EACCES)])


def refuse_network() -> None:
    """Put the filter on every thread of this process, for good. OSError where the kernel does not take it."""
    machine = platform.machine()
    code = program(machine)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "the kernel refuses no_new_privs")
    shape = _Program(len(code) // 8, code)
    if libc.syscall(_SECCOMP_CALL[machine], _SECCOMP_SET_MODE_FILTER, _TSYNC, ctypes.byref(shape)) != 0:
        raise OSError(ctypes.get_errno(), "the kernel refuses the seccomp filter")


def limit_memory(megabytes: int) -> None:
    """No more than so much memory on top of what is in use now; no core dumps; no file may grow."""
    import resource

    with open("/proc/self/statm", "rb") as numbers:
        used = int(numbers.read().split()[0]) * resource.getpagesize()
    most = used + megabytes * 1_048_576
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def end_with_parent() -> None:
    """Let the kernel end this process when the process that started it ends."""
    import signal

    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)


def memory_in_use() -> int:
    """Resident memory of this process in MB; 0 where it cannot be told."""
    try:
        with open("/proc/self/statm", "rb") as numbers:
            return int(numbers.read().split()[1]) * 4096 // 1_048_576
    except OSError:
        return 0
