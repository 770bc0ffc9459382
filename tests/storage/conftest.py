"""The servers that we promise to run on, and a wire to them that can be cut."""

import contextlib
import getpass
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from pipeline.storage import ObjectStore
from workers.children import Server, await_ready, end, start_child
from workers.server_home import ADDRESS, open_home

MINIO = Path(__file__).parents[2] / ".tools" / "bin" / "minio"


@pytest.fixture(scope="session")
def minio_server(tmp_path_factory):
    """A running MinIO, where `make tools` has built one."""
    if not os.access(MINIO, os.X_OK):
        pytest.skip("no MinIO: make tools")
    home = open_home(tmp_path_factory.mktemp("minio"))
    port = home.ports(("s3",), fresh=False, grpc=False)["s3"]
    secret = home.secret("secret")
    environ = {
        "PATH": os.environ["PATH"],
        "MINIO_ROOT_USER": "sohoa",
        "MINIO_ROOT_PASSWORD": secret,
        "MINIO_BROWSER": "off",
    }
    log = home.logs / "minio.log"
    endpoint = f"{ADDRESS}:{port}"
    command = [str(MINIO), "server", "data", "--address", endpoint]
    process = start_child(command, environ, home, log)
    store = ObjectStore(endpoint, "sohoa", secret, "none")
    if not await_ready(process, lambda: answers(store), 30):
        end(process, 0)
        pytest.fail(f"MinIO did not start: {log.read_text()[-500:]}")
    server = Server("minio", f"http://{endpoint}", endpoint, "sohoa", secret, process, log, home)
    with server, store:
        yield server


def answers(store):
    """Return whether the server looks into its buckets and finds that there is none."""
    with contextlib.suppress(Exception):
        store.ensure_bucket()
        return True
    return False


@pytest.fixture(params=["seaweedfs", pytest.param("minio", marks=pytest.mark.minio)])
def server(request):
    """Each store that we promise to run on."""
    name = "store_server" if request.param == "seaweedfs" else "minio_server"
    return request.getfixturevalue(name)


@pytest.fixture
def store(server, fresh_bucket):
    """A fresh bucket in each of them."""
    with fresh_bucket(server) as store:
        yield store


class Wire:
    """A TCP relay to a server that loses, changes or holds back what it is told to.

    `requests` and `replies` see the bytes that pass; they return what goes on, or None to cut
    the connection instead.
    """

    def __init__(self, endpoint):
        host, port = endpoint.split(":")
        self.target = (host, int(port))
        self.requests = self.replies = lambda data: data
        self.listener = socket.create_server((ADDRESS, 0))
        self.endpoint = f"{ADDRESS}:{self.listener.getsockname()[1]}"
        self.open = []
        self.threads = [threading.Thread(target=self.accept)]
        self.threads[0].start()

    def accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
                far = socket.create_connection(self.target)
            except OSError:
                return
            self.open += [near, far]
            for way in (
                (near, far, lambda d: self.requests(d)),
                (far, near, lambda d: self.replies(d)),
            ):
                self.threads.append(threading.Thread(target=self.relay, args=way))
                self.threads[-1].start()

    def relay(self, source, sink, look):
        with contextlib.suppress(OSError):
            while data := source.recv(1 << 16):
                data = look(data)
                if data is None:
                    break
                sink.sendall(data)
        for end_ in (source, sink):
            with contextlib.suppress(OSError):
                end_.shutdown(socket.SHUT_RDWR)

    def close(self):
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for each in self.open:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        for thread in self.threads:
            thread.join(5)
        for each in self.open:
            each.close()


@pytest.fixture
def wire(server):
    """A wire to the server under test."""
    wire = Wire(server.endpoint)
    yield wire
    wire.close()


@pytest.fixture
def wired_store(wire, server, store):
    """The same bucket as `store`, reached over the wire."""
    with ObjectStore(wire.endpoint, server.access_key, server.secret_key, store.bucket) as wired:
        yield wired


@pytest.fixture(scope="session")
def postgres_server():
    """The connection string of a running PostgreSQL, where one is installed."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    # It refuses to run as root.
    user = "postgres" if os.geteuid() == 0 else getpass.getuser()
    if not programs:
        pytest.skip("no PostgreSQL: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="sohoa-pg-"))
    shutil.chown(folder, user)
    quiet = {"user": user, "cwd": folder, "stdout": subprocess.DEVNULL, "stderr": subprocess.STDOUT}
    make = ["-D", "data", "-A", "trust", "-U", "sohoa", "-E", "UTF8", "--locale=C", "--no-sync"]
    subprocess.run([programs[-1].with_name("initdb"), *make], check=True, **quiet)
    serve = ["-D", "data", "-c", "listen_addresses=", "-c", f"unix_socket_directories={folder}"]
    process = subprocess.Popen([programs[-1], *serve, "-F"], **quiet)
    try:
        yield f"user=sohoa host={folder}"
    finally:
        process.send_signal(signal.SIGQUIT)  # its "immediate" end
        process.wait(30)
        shutil.rmtree(folder)


@pytest.fixture
def postgres_url(postgres_server):
    """The URL of an empty database in it."""
    name = f"c{uuid4().hex}"
    for _ in range(200):
        with contextlib.suppress(psycopg.OperationalError):
            admin = psycopg.connect(f"{postgres_server} dbname=postgres", autocommit=True)
            break
        time.sleep(0.05)
    with admin:
        admin.execute(f"CREATE DATABASE {name}")
    yield f"postgresql://sohoa@/{name}?host={postgres_server.split('host=')[1]}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request, tmp_path):
    """An empty database of each kind that we promise to run on."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'catalogue.db'}"
    return request.getfixturevalue("postgres_url")
