"""Objects in a bucket: whole, verified, and put once when that is asked for."""

import hashlib
import os
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from pipeline.errors import SetupError, StoreError
from pipeline.storage import NotFound, ObjectStore, StoredObject

TEXT = "text/plain"


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def head_of(data):
    return data.split(b"\r\n", 1)[0]


# --- plain use


@pytest.mark.parametrize("size", [0, 1, 16_000_000 + 1, 2 * (16 << 20) + 5])
def test_a_file_comes_back_as_it_was(store, tmp_path, size):
    """An empty file, a byte, and files of several parts: same bytes, same hash."""
    data = os.urandom(size)
    (tmp_path / "in").write_bytes(data)

    put = store.put_file("files/a.pdf", tmp_path / "in", "application/pdf")
    got = store.get_file("files/a.pdf", tmp_path / "out")

    assert (
        put == got == store.stat("files/a.pdf") == StoredObject("files/a.pdf", size, sha256(data))
    )
    assert (tmp_path / "out").read_bytes() == data


def test_a_range_is_what_was_asked_for(store):
    """A reader of one page need not fetch the whole PDF."""
    data = os.urandom(3_000_000)
    store.put_bytes("a", data, TEXT)

    assert b"".join(store.open_range("a", 10, 2_500_000)) == data[10:2_500_010]
    assert b"".join(store.open_range("a", 2_999_999)) == data[2_999_999:]
    assert b"".join(store.open_range("a")) == data
    with pytest.raises(ValueError, match="behind the end"):
        store.open_range("a", 3_000_000)
    with pytest.raises(ValueError, match="no range"):
        store.open_range("a", 0, 0)


def test_a_reader_may_stop_early(store):
    """A browser that closes the tab leaves a connection that is not used again by mistake."""
    store.put_bytes("a", bytes(5_000_000), TEXT)
    pieces = store.open_range("a")
    next(pieces)
    pieces.close()

    assert store.put_bytes("b", b"next", TEXT).sha256 == sha256(b"next")
    assert store.get("b") == b"next"


def test_what_is_not_there_has_an_error_of_its_own(store):
    """A missing object is no failure of the store."""
    for look in (store.get, store.stat, store.open_range):
        with pytest.raises(NotFound) as missing:
            look("no/such/key")

        assert missing.value.key == "no/such/key"
    assert not store.exists("no/such/key")
    store.delete("no/such/key")


def test_a_listing_shows_keys_or_folders(store):
    """More keys than fit in one reply of the server come all the same."""
    keys = {f"part/A/{n}.json" for n in range(30)} | {"part/B/1.json", "other"}
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda key: store.put_once(key, b"{}", TEXT), keys))

    assert set(store.list("")) == keys
    assert set(store.list("part/", delimiter=True)) == {"part/A/", "part/B/"}
    assert set(store.list("none/")) == set()
    store.delete("other")
    assert set(store.list("")) == keys - {"other"}


@pytest.mark.slow
def test_a_long_listing_is_whole(store):
    """A server gives a thousand keys a reply; the rest is asked for."""
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda n: store.put_once(f"k/{n}", b"", TEXT), range(1100)))

    assert len(set(store.list("k/"))) == 1100


# --- put once


def test_a_second_put_changes_nothing(store):
    """The first one stays, and the caller learns of it."""
    assert store.put_once("record/1", b"first", TEXT)
    assert not store.put_once("record/1", b"second", TEXT)
    assert not store.put_once("record/1", b"first", TEXT)
    assert store.get("record/1") == b"first"


@pytest.mark.parametrize("races", [1, pytest.param(10, marks=pytest.mark.slow)])
def test_of_eight_writers_one_wins(store, races):
    """However the threads fall, the object is the winner's."""
    for race in range(races):
        barrier = threading.Barrier(8)

        def put(n, race=race, barrier=barrier):
            barrier.wait()
            return store.put_once(f"race/{race}", f"writer {n}".encode(), TEXT)

        with ThreadPoolExecutor(8) as pool:
            won = list(pool.map(put, range(8)))

        assert won.count(True) == 1
        assert store.get(f"race/{race}") == f"writer {won.index(True)}".encode()


def test_a_lost_reply_is_recognised_as_our_own_success(wire, wired_store, store):
    """The store said yes, the network swallowed it, and the second try is told 'exists'."""
    lost = []

    def lose_first(data):
        if head_of(data).startswith(b"HTTP/1.1 200") and not lost:
            lost.append(head_of(data))
            return None
        return data

    wire.replies = lose_first

    assert wired_store.put_once("record/1", b"ours", TEXT)
    assert lost
    assert store.get("record/1") == b"ours"


def test_a_lost_reply_does_not_steal_the_win_of_another(wire, wired_store, store):
    """Our request never arrived, and somebody else was first: that is no success."""

    def another_is_faster(data):
        if not store.exists("record/1"):
            store.put_once("record/1", b"theirs", TEXT)
            return None  # and our own request is lost on the way
        return data

    wire.requests = another_is_faster

    assert not wired_store.put_once("record/1", b"ours", TEXT)
    assert store.get("record/1") == b"theirs"


# --- faults


def test_a_misspelt_bucket_is_named(server, store):
    """It is neither made nor taken for an empty one, and the remedy is said."""
    with ObjectStore(server.endpoint, server.access_key, server.secret_key, "soho") as wrong:
        for use in (
            lambda: wrong.put_bytes("a", b"", TEXT),
            lambda: wrong.put_once("a", b"", TEXT),
            lambda: wrong.get("a"),
            lambda: wrong.exists("a"),
            lambda: list(wrong.list("")),
            wrong.check,
        ):
            with pytest.raises(StoreError, match="has no bucket 'soho': correct SOHOA_S3_BUCKET"):
                use()


def test_wrong_keys_are_named(server, store):
    """The operator learns which settings to correct."""
    with ObjectStore(server.endpoint, server.access_key, "wrong-secret", store.bucket) as wrong:
        for use in (lambda: wrong.put_once("a", b"", TEXT), lambda: wrong.get("a")):
            with pytest.raises(StoreError, match=r"refuses our keys .*SOHOA_S3_SECRET_KEY"):
                use()
        with pytest.raises(StoreError, match=r"denies access|refuses our keys"):
            wrong.stat("a")


def test_a_store_that_is_down_is_reported_at_once():
    """No hidden retries for minutes: the job is tried again later, not held."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        endpoint = f"127.0.0.1:{taken.getsockname()[1]}"
    began = time.monotonic()
    with ObjectStore(endpoint, "a", "b", "sohoa") as store:
        for use in (
            lambda: store.put_bytes("a", b"", TEXT),
            lambda: store.put_once("a", b"", TEXT),
            lambda: list(store.list("")),
            store.ensure_bucket,
        ):
            with pytest.raises(StoreError, match=f"{endpoint}: cannot be reached: start the store"):
                use()

    assert time.monotonic() - began < 2


def test_a_store_that_hangs_is_given_up():
    """A server that takes connections and says nothing costs one time-out, not three."""
    with socket.create_server(("127.0.0.1", 0)) as mute:
        endpoint = f"127.0.0.1:{mute.getsockname()[1]}"
        began = time.monotonic()
        with ObjectStore(endpoint, "a", "b", "sohoa", timeout_s=0.5) as store:
            for use in (lambda: store.get("a"), lambda: store.put_once("a", b"", TEXT)):
                with pytest.raises(StoreError, match="took too long"):
                    use()

    assert time.monotonic() - began < 2


def test_a_broken_connection_is_tried_again(wire, wired_store):
    """One reset of a switch does not fail a document."""
    broken = []

    def break_twice(data):
        if len(broken) < 2:
            broken.append(data)
            return None
        return data

    wire.replies = break_twice

    assert wired_store.put_bytes("a", b"data", TEXT).size_bytes == 4


def test_a_connection_that_stays_broken_is_an_error(wire, wired_store):
    """After three tries the caller decides."""
    wire.replies = lambda data: None

    with pytest.raises(StoreError, match="broke off the connection"):
        wired_store.get("a")


def test_half_a_reply_is_no_object(wire, wired_store, store):
    """A reader never takes the beginning of a file for the file."""
    store.put_bytes("a", os.urandom(500_000), TEXT)
    passed = []

    def cut(data):
        passed.append(data)
        return data if sum(map(len, passed)) < 100_000 else None

    wire.replies = cut
    pieces = wired_store.open_range("a")

    with pytest.raises(StoreError, match="broke off"):
        list(pieces)


class Liar(BaseHTTPRequestHandler):
    """Takes every upload and keeps something else."""

    protocol_version = "HTTP/1.1"

    def do_PUT(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.answer(200, b"")

    def do_GET(self):
        self.answer(200, b"not what you sent")

    def answer(self, status, body):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", '"0"')
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


class Portal(Liar):
    """No store at all: some web server on the port."""

    def do_GET(self):
        self.answer(404, b"<html>nothing here</html>")

    do_HEAD = do_PUT = do_GET


@pytest.fixture
def web_server(request):
    server = ThreadingHTTPServer(("127.0.0.1", 0), request.param)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("web_server", [Liar], indirect=True)
def test_a_store_that_keeps_other_bytes_is_found_out(web_server):
    """What was not read back as sent is not stored, whatever the server says."""
    with (
        ObjectStore(web_server, "a", "b", "sohoa") as store,
        pytest.raises(StoreError, match="holds other bytes under a than we sent"),
    ):
        store.put_bytes("a", b"data", TEXT)


@pytest.mark.parametrize("web_server", [Portal], indirect=True)
def test_another_server_on_the_port_is_recognised(web_server):
    """The operator learns that the address, not the store, is wrong."""
    with ObjectStore(web_server, "a", "b", "sohoa") as store:
        for use in (lambda: store.get("a"), lambda: store.put_once("a", b"", TEXT)):
            with pytest.raises(StoreError, match=r"not as an S3 store does.*SOHOA_S3_ENDPOINT"):
                use()


def test_an_address_that_is_none_stops_the_start():
    """A typing error is found before the first document."""
    with pytest.raises(SetupError, match="SOHOA_S3_ENDPOINT"):
        ObjectStore("http://host:9000/path", "a", "b", "sohoa")


def test_no_secret_gets_into_an_error(store, server):
    """Errors are logged and shown; a signature in one would be a key to the bucket."""
    with (
        ObjectStore(server.endpoint, server.access_key, server.secret_key, "soho") as wrong,
        pytest.raises(StoreError) as refused,
    ):
        wrong.put_once("a", b"", TEXT)

    assert "Signature" not in str(refused.value)
    assert server.secret_key not in str(refused.value)
