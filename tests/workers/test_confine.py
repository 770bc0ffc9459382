"""The limits and the filter: each refuses what it names and lets the rest through."""

import os
import resource
import socket
import struct

import pytest

from pipeline.errors import ToolCrashed
from workers import confine
from workers.confine import allow_cpu, forbid_network, let_go_of_the_rest, limit
from workers.sandbox import ChildLimits, run

LIMITS = ChildLimits(memory_bytes=2_000_000_000, start_s=10, page_s=5)
REFUSED = [socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK, socket.AF_PACKET]


def inside(task):
    """Run a task in a process that may be spoilt, and return what it returned."""
    pid = os.fork()
    if pid == 0:
        try:
            os._exit(0 if task() else 1)
        finally:
            os._exit(2)
    return os.waitpid(pid, 0)[1] == 0


def refused(family):
    try:
        socket.socket(family, socket.SOCK_STREAM).close()
    except PermissionError:
        return True
    return False


@pytest.mark.parametrize("family", REFUSED)
def test_no_socket_leads_out(family):
    """Every family but the local one is refused, once the filter is set and not before."""
    assert inside(lambda: forbid_network() and refused(family))


def test_local_sockets_and_the_rest_work():
    """The filter refuses nothing that decoders need."""

    def work():
        left, right = socket.socketpair()
        if os.fork() == 0:
            left.send(b"a")
            os._exit(0)
        return right.recv(1) == b"a"

    assert inside(lambda: forbid_network() and work())


def test_filter_cannot_be_lifted():
    """A second filter can only refuse more."""
    assert inside(lambda: forbid_network() and forbid_network() and refused(socket.AF_INET))


def test_machine_without_a_filter_works_without():
    """On another machine nothing is refused, and it is said."""

    def elsewhere():
        confine.platform.machine = lambda: "riscv64"
        return not forbid_network() and not refused(socket.AF_INET)

    assert inside(elsewhere)


@pytest.mark.parametrize("machine", confine._MACHINES.values(), ids=confine._MACHINES.keys())
def test_every_jump_lands_on_a_verdict(machine):
    """Each refused call ends at its refusal, on both machines."""
    assert verdict(machine, machine.socket, 2) == confine.RET_ERRNO | 13
    assert verdict(machine, machine.socket, 1) == confine.RET_ALLOW
    for number in (*machine.refused, 438):
        assert verdict(machine, number) == confine.RET_ERRNO | 13
    assert verdict(machine, 425) == confine.RET_ERRNO | 38
    assert verdict(machine, 0x4000_0000 + machine.socket, 2) == confine.RET_ERRNO | 38
    assert verdict(machine, machine.socket, 2, audit=0x4000_0003) == confine.RET_ERRNO | 38
    assert verdict(machine, 0) == verdict(machine, 437) == confine.RET_ALLOW


def verdict(machine, number, first=0, audit=None):
    """Run the filter as the kernel would."""
    data = struct.pack("=IIQQ", number, machine.audit if audit is None else audit, 0, first)
    lines = list(struct.iter_unpack("=HBBI", confine._filter(machine)))
    place, value = 0, 0
    while True:
        code, yes, no, operand = lines[place]
        if code == 0x06:
            return operand
        if code == 0x20:
            value = struct.unpack_from("=I", data, operand)[0]
        else:
            place += yes if (value == operand if code == 0x15 else value >= operand) else no
        place += 1


def test_what_was_open_is_gone(tmp_path):
    """A file that the process inherited leads nowhere; what is kept stays."""
    gone, kept = (tmp_path / "gone").open("wb"), (tmp_path / "kept").open("wb")

    def try_both():
        let_go_of_the_rest(kept.fileno())
        os.write(gone.fileno(), b"secret")
        os.write(kept.fileno(), b"answer")
        return True

    with gone, kept:
        assert inside(try_both)
    assert (tmp_path / "gone").read_bytes() == b""
    assert (tmp_path / "kept").read_bytes() == b"answer"


def test_limits_hold_for_what_it_starts():
    """Memory, files and computing time are limited in the child and in its programs."""

    def limited():
        limit(1_000_000_000)
        allow_cpu(100)
        return (
            resource.getrlimit(resource.RLIMIT_AS) == (1_000_000_000, 1_000_000_000)
            and resource.getrlimit(resource.RLIMIT_NOFILE)[1] <= confine.MAX_OPEN_FILES
            and 200 <= resource.getrlimit(resource.RLIMIT_CPU)[0] <= 300
            and resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)
        )

    assert inside(limited)


def test_this_machine_forbids_the_network():
    """The doctor's question is answered by a real try, which changes nothing here."""
    assert confine.network_can_be_forbidden()
    assert not refused(socket.AF_INET)


def test_filter_does_not_reach_the_parent():
    """The worker itself keeps its way to broker and store."""
    with pytest.raises(ToolCrashed):
        run(lambda tell: os._exit(3), "a.pdf", LIMITS)

    assert not refused(socket.AF_INET)
