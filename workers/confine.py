"""A process in, the same with limits and without a way to the network out (Linux).

A decoder that was taken over by a hostile scan must not eat the machine, and must not call
anybody. What the process inherited is taken from it, and a filter in the kernel (seccomp)
refuses new sockets to it and to all that it starts, for good; unlike a network namespace that
needs no rights. Sources: seccomp(2), linux/filter.h, linux/audit.h.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import resource
import signal
import socket
import struct
from dataclasses import dataclass

MAX_OUTPUT_BYTES = 8_000_000_000  # largest file that a process may write
MAX_OPEN_FILES = 512
THREADS = 2  # of a process that may be at work at once: its CPU time runs so much faster

PR_SET_PDEATHSIG = 1
PR_SET_NO_NEW_PRIVS = 38
PR_SET_SECCOMP = 22
SECCOMP_MODE_FILTER = 2
RET_ALLOW = 0x7FFF_0000
RET_ERRNO = 0x0005_0000

# struct seccomp_data: int nr; u32 arch; u64 instruction_pointer; u64 args[6].
_NUMBER, _ARCH, _FIRST_ARGUMENT = 0, 4, 16
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06  # BPF_LD|W|ABS, JEQ, JGE, RET
_AF_UNIX = 1
_X32 = 0x4000_0000  # bit of the x32 calls of x86-64, which have numbers of their own
_IO_URING_SETUP = 425  # the same everywhere; it can open sockets, too
_PIDFD_GETFD = 438  # takes an open connection from another process


@dataclass(frozen=True, slots=True)
class _Machine:
    audit: int  # AUDIT_ARCH_*
    socket: int  # number of socket(2)
    refused: tuple[int, ...]  # ptrace, process_vm_readv, process_vm_writev, setsid, setpgid


_MACHINES = {
    "x86_64": _Machine(0xC000_003E, 41, (101, 310, 311, 112, 109)),
    "aarch64": _Machine(0xC000_00B7, 198, (117, 270, 271, 157, 154)),
}


class _Program(ctypes.Structure):
    """struct sock_fprog."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def die_with_parent(parent: int) -> None:
    """Ask the kernel to kill this process when its parent ends, however it ends."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def limit(memory_bytes: int) -> None:
    """Limit what this process, and each that it starts, may use; it cannot be lifted again."""
    wanted = {
        resource.RLIMIT_AS: memory_bytes,
        resource.RLIMIT_FSIZE: MAX_OUTPUT_BYTES,
        resource.RLIMIT_NOFILE: MAX_OPEN_FILES,
        resource.RLIMIT_CORE: 0,
    }
    for which, value in wanted.items():
        _, hard = resource.getrlimit(which)
        soft = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(which, (soft, soft))


def allow_cpu(seconds: float) -> None:
    """Let this process, and each that it starts from now on, compute so long from now on.

    Then the kernel ends it with SIGXCPU. A net under the wall time that its parent watches.
    """
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime + seconds * THREADS) + 1
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = soft if hard == resource.RLIM_INFINITY else min(soft, hard)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def let_go_of_the_rest(*kept: int) -> None:
    """Take from this process all files and connections that it inherited, but `kept` and 0–2.

    Connections to broker and store among them. Their numbers stay taken: what still knows them
    must not close another file by mistake. Call it before `limit`.
    """
    nothing = os.open(os.devnull, os.O_RDWR)
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208 - numbers, not paths
        number = int(name)
        if number > 2 and number not in (nothing, *kept):
            try:
                os.fstat(number)
            except OSError:
                continue  # that of the listing itself
            os.dup2(nothing, number, inheritable=False)


def forbid_network() -> bool:
    """Refuse this process for ever what leads out of it; return whether the kernel took that.

    Refused are sockets but local ones, the memory and connections of other processes, and to
    leave the process group, which is killed as a whole. Needs no rights. False where the kernel
    or the machine knows no such filter: then nothing is changed.
    """
    machine = _MACHINES.get(platform.machine())
    if machine is None:
        return False
    code = _filter(machine)
    buffer = ctypes.create_string_buffer(code, len(code))
    program = _Program(len(code) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        return False
    return not libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program))


def network_can_be_forbidden() -> bool:
    """Try `forbid_network` in a child; return whether it held."""
    pid = os.fork()
    if pid == 0:
        held = False
        try:
            forbid_network()
            socket.socket(socket.AF_INET, socket.SOCK_STREAM).close()
        except OSError as error:
            held = error.errno == errno.EACCES
        finally:
            os._exit(0 if held else 1)
    return os.waitpid(pid, 0)[1] == 0


def _filter(machine: _Machine) -> bytes:
    """Return the filter as struct sock_filter[]: code, jump if true, jump if false, value."""
    refused = (*machine.refused, _PIDFD_GETFD)
    n = len(refused)
    lines = [
        (_LOAD, 0, 0, _ARCH),
        (_EQUAL, 0, n + 8, machine.audit),  # calls of another architecture: unknown
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, n + 6, 0, _X32),
        (_EQUAL, n + 5, 0, _IO_URING_SETUP),
        *((_EQUAL, n - i + 3, 0, number) for i, number in enumerate(refused)),
        (_EQUAL, 0, 2, machine.socket),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_EQUAL, 0, 1, _AF_UNIX),
        (_RETURN, 0, 0, RET_ALLOW),
        (_RETURN, 0, 0, RET_ERRNO | errno.EACCES),
        (_RETURN, 0, 0, RET_ERRNO | errno.ENOSYS),
    ]
    return b"".join(struct.pack("=HBBI", *line) for line in lines)
