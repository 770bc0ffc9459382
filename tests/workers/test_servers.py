"""Embedded servers: what they said yes to is kept, and they end when we do."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import redis

from pipeline.errors import SetupError, StoreError
from pipeline.storage import ObjectStore
from workers.server_home import open_home
from workers.servers import start_broker, start_store

LISTENING = "0A"  # in /proc/net/tcp
STARTS = {"broker": start_broker, "store": start_store}


def bucket_of(server, timeout_s=20.0):
    return ObjectStore(
        server.endpoint, server.access_key, server.secret_key, "sohoa", timeout_s=timeout_s
    )


def client_of(server):
    return redis.Redis.from_url(server.url)


def wait_until(happened, timeout_s=20):
    deadline = time.monotonic() + timeout_s
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def command_of(server):
    return Path(f"/proc/{server.process.pid}/cmdline").read_text()


def listeners(pid):
    """Return the addresses on which the process listens."""
    mine = set()
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(OSError):
            mine.add(str(descriptor.readlink()))
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            cells = line.split()
            if cells[3] == LISTENING and f"socket:[{cells[9]}]" in mine:
                found.add(cells[1].split(":")[0])
    return found


# --- broker


def test_the_broker_keeps_what_it_took(tmp_path):
    """After kill -9 and restart every acknowledged job is there, at the same address."""
    first = start_broker(tmp_path)
    with client_of(first) as client:
        for n in range(500):
            client.rpush("jobs", n)
        first.process.send_signal(signal.SIGKILL)
        first.process.wait()
        assert not first.running()
        first.stop()
        with start_broker(tmp_path) as second:
            assert second.url == first.url
            assert client.llen("jobs") == 500
            assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}


def test_the_broker_asks_for_its_password(broker):
    """Writing to the queue is running code: no other user of the machine may."""
    host, port = broker.endpoint.split(":")
    stranger = redis.Redis(host, int(port), retry=None)
    with stranger, pytest.raises(redis.AuthenticationError):
        stranger.ping()
    assert broker.secret_key not in command_of(broker)
    assert broker.secret_key not in repr(broker)


# --- store


def test_the_store_keeps_what_it_took(tmp_path):
    """A restart changes neither objects nor address nor keys; a new port changes no object."""
    with start_store(tmp_path) as first, bucket_of(first) as store:
        store.ensure_bucket()
        put = store.put_bytes("files/a", os.urandom(300_000), "application/pdf")
        assert store.put_once("record/1", b"one", "application/json")
        state = json.loads((tmp_path / "server.json").read_text())
    with start_store(tmp_path) as second, bucket_of(second) as store:
        assert (second.endpoint, second.secret_key) == (first.endpoint, first.secret_key)
        assert store.stat("files/a") == put
    blocked = int(first.endpoint.split(":")[1])
    with (
        socket.create_server(("127.0.0.1", blocked)),
        start_store(tmp_path) as third,
        bucket_of(third) as store,
    ):
        assert third.endpoint != first.endpoint
        assert store.get_file("files/a", tmp_path / "back") == put
        assert not store.put_once("record/1", b"two", "application/json")
    assert state["secret"] == first.secret_key


def test_a_killed_store_loses_no_object_that_it_took(tmp_path):
    """kill -9 during uploads: all that was acknowledged is there, nothing is half there."""
    size = 200_000
    taken, stop = {}, threading.Event()

    def upload(worker, server):
        with bucket_of(server) as store:
            for n in range(10_000):
                key, data = f"files/{worker}/{len(taken)}-{n}", os.urandom(size)
                try:
                    taken[key] = store.put_bytes(key, data, "application/pdf").sha256
                except StoreError:
                    return
                if stop.is_set():
                    return

    server = start_store(tmp_path)
    for round_ in range(3):
        stop.clear()
        with ThreadPoolExecutor(4) as pool:
            if round_ == 0:
                with bucket_of(server) as store:
                    store.ensure_bucket()
            before = len(taken)
            futures = [pool.submit(upload, worker, server) for worker in range(4)]
            wait_until(lambda before=before: len(taken) > before + 10, 60)
            server.process.send_signal(signal.SIGKILL)
            server.process.wait()
            stop.set()
            [future.result() for future in futures]
        server.stop()
        server = start_store(tmp_path)
    with server, bucket_of(server) as store:
        listed = set(store.list(""))
        assert set(taken) <= listed
        for key in listed:
            found = store.get_file(key, tmp_path / "copy")
            assert found.size_bytes == size
            assert found.sha256 == taken.get(key, found.sha256)


def test_the_store_shows_strangers_nothing(store_server, store):
    """Its inner servers stand open on this machine: they must not hand out scans."""
    store.put_bytes("files/secret", b"CCCD 079190001234", "text/plain")
    state = json.loads((store_server.home.folder / "server.json").read_text())
    for name in ("s3", "filer", "volume"):
        for path in ("/", f"/buckets/{store.bucket}/files/secret", f"/{store.bucket}/files/secret"):
            request = f"http://127.0.0.1:{state['ports'][name]}{path}"
            with pytest.raises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(request, timeout=5)
            assert refused.value.code in (401, 403, 404)
            refused.value.close()
    assert store_server.secret_key not in command_of(store_server)


def test_every_object_is_forced_to_disk(store_server):
    """The rule that makes the store write through is in force."""
    assert (store_server.home.data / "fsync.configured").exists()
    conf = (store_server.home.conf / "filer.toml").read_text()
    assert "synchronous(2)" in conf


# --- both


@pytest.mark.parametrize("name", ["broker", "store"])
def test_a_server_dies_with_its_parent(tmp_path, name):
    """kill -9 of `sohoa up` leaves no server behind, and the next start is not hindered."""
    parent = f"""
import time
from pathlib import Path
from workers.server_home import open_home
from workers.servers import start_{name}
server = start_{name}(Path({str(tmp_path)!r}))
print(server.process.pid, flush=True)
time.sleep(600)
"""
    with subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE) as process:
        server = int(process.stdout.readline())
        assert alive(server)
        process.kill()
        process.wait()
        wait_until(lambda: not alive(server))
    with STARTS[name](tmp_path) as again:
        assert again.running()


@pytest.mark.parametrize("name", ["broker", "store"])
def test_a_server_starts_and_stops_quickly(tmp_path, name):
    """Stopping stays below five seconds, with clients connected."""
    with STARTS[name](tmp_path) as server:
        if name == "store":
            store = bucket_of(server)
            store.ensure_bucket()
            store.put_bytes("a", b"1", "text/plain")
        else:
            store = client_of(server)
            store.set("a", "1")
        began = time.monotonic()
        server.stop()

    assert time.monotonic() - began < 5
    assert not server.running()
    assert not any(path.exists() for path in server.sockets)
    store.close()


@pytest.mark.parametrize("fixture", ["broker", "store_server"])
def test_a_server_listens_on_this_machine_only(request, fixture):
    """Nothing of an office's network reaches it."""
    server = request.getfixturevalue(fixture)

    assert listeners(server.process.pid) == {"0100007F"}


@pytest.mark.parametrize("name", ["broker", "store"])
def test_two_servers_never_share_a_folder(request, monkeypatch, name):
    """A second start is refused and leaves the first alone."""
    server = request.getfixturevalue("broker" if name == "broker" else "store_server")
    monkeypatch.setattr("workers.servers.open_home", quick_open)

    with pytest.raises(SetupError, match="another server runs from this folder"):
        STARTS[name](server.home.folder)
    assert server.running()


def quick_open(folder):
    return open_home(folder, wait_s=0.1)


@pytest.mark.parametrize(
    ("name", "broken"), [("broker", "data/appendonlydir"), ("store", "data/filer.db")]
)
def test_a_server_that_cannot_start_says_why(tmp_path, monkeypatch, name, broken):
    """The error names the log and quotes the server's last words; no process is left."""
    path = tmp_path / broken
    path.parent.mkdir(parents=True)
    if name == "store":
        path.mkdir()
    else:
        path.write_text("not a folder")
    monkeypatch.setattr("workers.servers.START_S", 6.0)
    monkeypatch.setattr("workers.servers.TRIES", 1)

    with pytest.raises(SetupError, match=rf"embedded {name}: did not start; see .*{name}\.log"):
        STARTS[name](tmp_path)
    assert quick_open(tmp_path).close() is None
