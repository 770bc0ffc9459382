"""The folder of a server: its secrets stay, its ports stay, and one server keeps it."""

import json
import socket
import stat

import pytest

from pipeline.errors import SetupError
from workers.server_home import ADDRESS, FIRST_PORT, GRPC_OFFSET, LAST_PORT, open_home


@pytest.fixture
def home(tmp_path):
    home = open_home(tmp_path / "server", wait_s=0)
    yield home
    home.close()


def test_a_secret_is_made_once(home, tmp_path):
    """The next start uses what clients were told, and nobody else can read it."""
    secret = home.secret("secret")
    home.close()
    again = open_home(tmp_path / "server", wait_s=0)

    assert len(secret) == 40
    assert again.secret("secret") == secret
    assert again.secret("other") != secret
    again.close()
    assert stat.S_IMODE((tmp_path / "server" / "server.json").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "server").stat().st_mode) == 0o700


def test_ports_are_remembered(home):
    """Clients find the server again after its restart; so do their open settings."""
    ports = home.ports(("a", "b"), fresh=False, grpc=True)

    assert home.ports(("a", "b"), fresh=False, grpc=True) == ports
    assert len(set(ports.values())) == 2
    assert all(FIRST_PORT <= port <= LAST_PORT for port in ports.values())
    assert home.ports(("a", "b"), fresh=True, grpc=True) != ports


@pytest.mark.parametrize("offset", [0, GRPC_OFFSET])
def test_a_taken_port_is_left_to_its_owner(home, offset):
    """Another program took the port, or the one beside it, while the server was down."""
    ports = home.ports(("a",), fresh=False, grpc=True)
    with socket.create_server((ADDRESS, ports["a"] + offset)):
        assert home.ports(("a",), fresh=False, grpc=True) != ports


def test_a_folder_serves_one_server(home, tmp_path):
    """Two servers on the same files would destroy them."""
    with pytest.raises(SetupError, match="another server runs from this folder"):
        open_home(tmp_path / "server", wait_s=0.2)
    home.close()
    open_home(tmp_path / "server", wait_s=0).close()


@pytest.mark.parametrize("content", ["", "{", "[]", "\x00"])
def test_a_damaged_state_is_named(home, tmp_path, content):
    """Without its secrets a server would lock everybody out: the start stops instead."""
    (tmp_path / "server" / "server.json").write_text(content)

    with pytest.raises(SetupError, match=r"server\.json"):
        home.secret("secret")


def test_a_state_is_replaced_whole(home, tmp_path):
    """A crash while writing leaves the old state, never half of the new one."""
    secret = home.secret("secret")
    (tmp_path / "server" / "server.new").write_text("left by a crash")
    home.ports(("a",), fresh=False, grpc=False)

    state = json.loads((tmp_path / "server" / "server.json").read_text())
    assert state["secret"] == secret
    assert set(state["ports"]) == {"a"}


def test_a_folder_that_cannot_be_used_is_named(tmp_path):
    """A file in its place, say: the operator learns where."""
    (tmp_path / "file").write_text("")

    with pytest.raises(SetupError, match=r"file.*cannot be used"):
        open_home(tmp_path / "file")
