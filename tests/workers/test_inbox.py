"""The watcher: what is dropped becomes ours, what is done leaves, nothing is lost on the way."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from pipeline.errors import StoreError
from pipeline.storage import get_intake, list_intakes, put_failed
from workers.inbox import Watch
from workers.jobs import digitize_document

DOSSIER = "000.00.04.H09-231016-0001"


class Clock:
    """A clock that moves when it is told to."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def schemas(tmp_path):
    """A folder with a small dossier.schema.json."""
    folder = tmp_path / "schemas"
    folder.mkdir()
    rules = {"type": "object", "properties": {"procedure": {"type": "string"}}}
    (folder / "dossier.schema.json").write_text(json.dumps(rules))
    return folder


@pytest.fixture
def said():
    return []


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def watch(home, store, redis, said, clock, schemas):
    """A watcher of the home folder whose clock is ours."""

    def make(**changed):
        from dataclasses import replace

        titles = {"administrative-document": "Văn bản hành chính"}
        return Watch(
            replace(home, **changed), store, redis, said.append,
            titles=titles, schemas=schemas, clock=clock,
        )  # fmt: skip

    return make


@pytest.fixture
def work(desk, store, quick_digitize):
    """Digitize all that is ours."""

    def run():
        for record_id in list_intakes(store):
            digitize_document(record_id, desk, quick_digitize)

    return run


def tree(folder):
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if not p.is_dir())


def test_file_waits_in_the_inbox_until_its_record_is_stored(watch, drop, home, store, work):
    """A clerk who still sees the file in the inbox knows that it is not done."""
    drop(f"{DOSSIER}/đơn xin.pdf")
    watcher = watch()

    watcher.look()
    assert tree(home.inbox) == [f"{DOSSIER}/đơn xin.pdf"]
    (record_id,) = list_intakes(store)

    work()
    watcher.look()
    assert tree(home.inbox) == []
    assert tree(home.outbox) == [f"{DOSSIER}/đơn xin.pdf", f"{DOSSIER}/đơn xin.pdf.txt"]
    ticket = (home.outbox / DOSSIER / "đơn xin.pdf.txt").read_text("utf-8-sig")
    assert record_id in ticket and "Văn bản hành chính" in ticket


def test_intake_says_all_that_is_known(watch, drop, store):
    """The intake is the truth from which everything else can be done again."""
    target = drop(f"{DOSSIER}/a.pdf")
    watch(station="quầy 3").look()

    (record_id,) = list_intakes(store)
    intake = get_intake(store, record_id)
    assert intake["schema"] == "sohoa/intake/1"
    assert intake["record_id"] == record_id
    assert intake["dossier"]["code"] == DOSSIER
    assert intake["source_path"] == f"{DOSSIER}/a.pdf"
    assert intake["station"] == "quầy 3"
    assert intake["document"]["ordinal"] == 1
    (file,) = intake["files"]
    assert (file["n"], file["name"]) == (1, "a.pdf")
    assert store.get(file["key"]) == target.read_bytes()


def test_same_name_in_two_dossiers_is_two_records(watch, drop, home, store, work):
    """Neither overwrites the other, in the bucket or in the outbox."""
    drop("D-1/a.pdf", "same")
    drop("D-2/a.pdf", "same")
    drop("a.pdf", "same")
    watcher = watch()
    watcher.look()
    work()
    watcher.look()

    assert len(list_intakes(store)) == 3
    assert [p for p in tree(home.outbox) if p.endswith(".pdf")] == [
        "D-1/a.pdf", "D-2/a.pdf", "a.pdf",
    ]  # fmt: skip


def test_same_file_twice_in_one_dossier_is_one_record(watch, drop, home, store, work):
    """Both files leave, one record is made, and the second ticket says so."""
    drop("D-1/a.pdf", "same")
    drop("D-1/b.pdf", "same")
    watcher = watch()
    watcher.look()
    work()
    watcher.look()

    assert len(list_intakes(store)) == 1
    assert tree(home.inbox) == []
    assert "đã được nhận trước đó" not in (home.outbox / "D-1/a.pdf.txt").read_text("utf-8-sig")
    assert "D-1/a.pdf" in (home.outbox / "D-1/b.pdf.txt").read_text("utf-8-sig")


def test_same_file_again_later_gets_a_name_of_its_own(watch, drop, home, store, work):
    """What already stands in the outbox is never overwritten."""
    watcher = watch()
    for _ in range(2):
        drop("D-1/a.pdf", "same")
        watcher.look()
        work()
        watcher.look()

    assert len(list_intakes(store)) == 1
    assert {"D-1/a.pdf", "D-1/a-2.pdf", "D-1/a.pdf.txt", "D-1/a-2.pdf.txt"} == set(
        tree(home.outbox)
    )
    assert "đã được nhận trước đó" in (home.outbox / "D-1/a-2.pdf.txt").read_text("utf-8-sig")


def test_other_file_of_the_same_name_is_another_record(watch, drop, home, store, work):
    """A corrected scan under the old name is a document of its own."""
    watcher = watch()
    for words in ("first", "second"):
        drop("D-1/a.pdf", words)
        watcher.look()
        work()
        watcher.look()

    assert len(list_intakes(store)) == 2
    assert (home.outbox / "D-1/a.pdf").read_bytes() != (home.outbox / "D-1/a-2.pdf").read_bytes()


def test_nothing_is_taken_in_without_room_but_what_is_done_is_delivered(
    watch, drop, home, store, work, said
):
    """A nearly full disk holds up new files only, says so once, and all goes on by itself."""
    first, second = f"{DOSSIER}/a.pdf", f"{DOSSIER}/b.pdf"
    watching = watch()
    drop(first)
    watching.look()
    work()
    low = watch(free_reserve_bytes=10**18)
    watching._room = low._room
    drop(second, "another")
    watching.look()
    watching.look()

    assert tree(home.inbox) == [second]
    assert len(list(list_intakes(store))) == 1
    assert sum("Ổ đĩa sắp đầy" in line for line in said) == 1

    watch().look()

    assert len(list(list_intakes(store))) == 2


def test_refused_file_comes_back_with_the_reason(watch, drop, home, store):
    """The clerk reads what is wrong and what to do."""
    drop(f"{DOSSIER}/khoá.pdf")
    watcher = watch()
    watcher.look()
    (record_id,) = list_intakes(store)
    put_failed(store, record_id, {"code": "scan.locked", "subject": "khoá.pdf", "detail": ""})
    watcher.look()

    assert tree(home.rejected) == [f"{DOSSIER}/khoá.pdf", f"{DOSSIER}/khoá.pdf.txt"]
    ticket = (home.rejected / DOSSIER / "khoá.pdf.txt").read_bytes()
    assert ticket.startswith(b"\xef\xbb\xbf") and b"\r\n" in ticket
    assert "mật khẩu" in ticket.decode("utf-8-sig")
    assert "password" in ticket.decode("utf-8-sig")


def test_folder_of_page_images_is_one_document(watch, drop, home, store, work):
    """Pages follow the natural order of their names and move as a folder."""
    for n in (10, 2, 1):
        drop(f"{DOSSIER}/giấy khai sinh/{n}.jpg", data=b"\xff\xd8\xff\xda page %d \xff\xd9" % n)
    drop(f"{DOSSIER}/giấy khai sinh/Thumbs.db", data=b"x")
    watcher = watch()
    watcher.look()
    (record_id,) = list_intakes(store)
    names = [file["name"] for file in get_intake(store, record_id)["files"]]
    assert names == ["1.jpg", "2.jpg", "10.jpg"]

    work()
    watcher.look()
    assert (home.outbox / DOSSIER / "giấy khai sinh" / "10.jpg").exists()
    assert (home.outbox / DOSSIER / "giấy khai sinh.txt").exists()
    assert not (home.inbox / DOSSIER / "giấy khai sinh").exists()


def test_page_that_comes_late_is_never_lost(watch, drop, home, store, work):
    """A page added after the folder was taken makes a second document, with all pages."""
    drop("D-1/f/1.jpg", data=b"\xff\xd8\xff\xda 1 \xff\xd9")
    watcher = watch()
    watcher.look()
    work()
    drop("D-1/f/2.jpg", data=b"\xff\xd8\xff\xda 2 \xff\xd9")
    watcher.look()
    work()
    watcher.look()

    counts = sorted(len(get_intake(store, i)["files"]) for i in list_intakes(store))
    assert counts == [1, 2]
    assert tree(home.inbox) == []


def test_file_is_taken_when_it_is_quiet_and_not_before(watch, drop, store, clock):
    """A copy that is still under way is not taken."""
    watcher = watch(settle_s=3.0)
    drop("a.pdf", "one")
    watcher.look()
    clock.now += 2
    drop("a.pdf", "one and more")
    watcher.look()
    clock.now += 2
    watcher.look()
    assert list_intakes(store) == set()

    clock.now += 2
    watcher.look()
    assert len(list_intakes(store)) == 1


def test_incomplete_file_waits_and_is_reported(watch, drop, home, store, clock, said):
    """Without its end it is never taken; after ten minutes somebody is told; then it goes on."""
    watcher = watch(settle_s=3.0)
    drop("D-1/a.pdf", data=b"%PDF-1.4\nhalf of it")
    drop("D-1/b.pdf")
    for _ in range(100):
        clock.now += 7
        watcher.look()
    notice = home.rejected / "D-1" / "a.pdf.waiting.txt"
    assert len(list_intakes(store)) == 1
    assert sum("a.pdf" in line for line in said) == 1
    assert "chưa đầy đủ" in notice.read_text("utf-8-sig")

    drop("D-1/a.pdf", "whole")
    for _ in range(3):
        clock.now += 4
        watcher.look()
    assert len(list_intakes(store)) == 2
    assert not notice.exists()


def test_empty_file_waits_longer_than_a_full_one(watch, drop, store, clock):
    """Many scanners make the file first and fill it a while later."""
    watcher = watch(settle_s=3.0)
    drop("a.pdf", data=b"")
    watcher.look()
    clock.now += 10
    watcher.look()
    assert list_intakes(store) == set()

    clock.now += 30
    watcher.look()
    assert len(list_intakes(store)) == 1


def test_dossier_waits_until_nothing_is_added(watch, drop, store, clock):
    """A dossier.json that is copied last still comes in time."""
    watcher = watch(settle_s=3.0)
    drop("D-1/a.pdf")
    watcher.look()
    clock.now += 2
    drop("D-1/dossier.json", data=b'{"procedure": "1.001234"}')
    watcher.look()
    clock.now += 2
    watcher.look()
    assert list_intakes(store) == set()

    clock.now += 2
    watcher.look()
    (record_id,) = list_intakes(store)
    assert get_intake(store, record_id)["dossier"]["procedure"] == "1.001234"


def test_ready_marker_releases_at_once(watch, drop, home, store, clock, work):
    """`_READY` says that all is there: nothing is waited for, and the folder goes when empty."""
    watcher = watch(settle_s=30.0)
    drop("D-1/a.pdf")
    drop("D-1/_READY", data=b"")
    watcher.look()
    assert len(list_intakes(store)) == 1

    work()
    watcher.look()
    watcher.look()
    assert list(home.inbox.iterdir()) == []


def test_broken_manifest_holds_back_its_dossier_alone(watch, drop, home, store, said):
    """One message names the place; once it is mended the papers go on by themselves."""
    drop("D-1/dossier.json", data=b'{"procedure": 7}')
    drop("D-1/a.pdf")
    drop("D-2/a.pdf")
    watcher = watch()
    watcher.look()
    watcher.look()
    notice = home.rejected / "D-1" / "dossier.json.waiting.txt"
    assert len(list_intakes(store)) == 1
    assert len([line for line in said if "dossier.json" in line]) == 1
    assert "$.procedure" in notice.read_text("utf-8-sig")

    drop("D-1/dossier.json", data=b'{"procedure": "1.1"}')
    watcher.look()
    assert len(list_intakes(store)) == 2
    assert not (home.rejected / "D-1").exists()


@pytest.mark.parametrize(
    "name", [".hidden.pdf", "~$a.pdf", "a.pdf.part", "a.TMP", "a.crdownload", "Thumbs.db"]
)
def test_unfinished_and_foreign_files_are_left_alone(watch, drop, home, store, name):
    """What is no scan yet stays where it is."""
    drop(f"D-1/{name}", data=b"x")
    watch().look()

    assert list_intakes(store) == set()
    assert tree(home.inbox) == [f"D-1/{name}"]


def test_links_and_pipes_are_never_followed(watch, home, store, said, tmp_path):
    """Neither a link to a file, nor to a folder, nor a pipe is opened; each is reported once."""
    secret = tmp_path / "secret.pdf"
    secret.write_bytes(b"%PDF-1.4 secret %%EOF")
    (home.inbox / "D-1").mkdir()
    (home.inbox / "D-1" / "a.pdf").symlink_to(secret)
    (home.inbox / "D-2").symlink_to(tmp_path)
    os.mkfifo(home.inbox / "b.pdf")
    watcher = watch()
    watcher.look()
    watcher.look()

    assert list_intakes(store) == set()
    assert len(said) == 3
    assert secret.exists()


def test_file_swapped_for_a_link_is_not_read(watch, drop, store, home, tmp_path, monkeypatch):
    """A link that takes the file's place while we look leads nowhere."""
    target = drop("D-1/a.pdf")
    from workers import inbox

    real = inbox.take_in

    def swapped(*arguments):
        target.unlink()
        target.symlink_to("/etc/passwd")
        return real(*arguments)

    monkeypatch.setattr(inbox, "take_in", swapped)
    watch().look()

    assert list_intakes(store) == set()


def test_file_changed_while_it_is_taken_is_not_ours(watch, drop, store, monkeypatch):
    """The intake is put only if the file is byte for byte what was hashed."""
    target = drop("D-1/a.pdf", "first")
    real = store.put_file

    def put_and_change(key, path, media_type):
        put = real(key, path, media_type)
        target.write_bytes(target.read_bytes().replace(b"first", b"other"))
        return put

    monkeypatch.setattr(store, "put_file", put_and_change)
    watch().look()

    assert list_intakes(store) == set()


def test_dead_store_costs_one_message_and_nothing_else(watch, drop, home, store, said, monkeypatch):
    """What waits in the inbox stays there until the store is back."""
    for n in range(5):
        drop(f"D-{n}/a.pdf")
    watcher = watch()
    with monkeypatch.context() as dead:

        def refuse(*arguments, **options):
            raise StoreError("store", "does not answer")

        dead.setattr(store, "get", refuse)
        dead.setattr(store, "put_file", refuse)
        watcher.look()
        watcher.look()
        assert len(said) == 1
    watcher.look()

    assert len(list_intakes(store)) == 5
    assert len(tree(home.inbox)) == 5


def test_dead_broker_stops_nothing(watch, drop, store, redis, said, monkeypatch):
    """The queue is a hint: the documents are ours without it, and it is asked once in a look."""
    from redis.exceptions import ConnectionError as Refused

    def refuse(*arguments, **options):
        raise Refused("no broker")

    monkeypatch.setattr(redis, "execute_command", refuse)
    for n in range(3):
        drop(f"D-1/{n}.pdf", str(n))
    watch().look()

    assert len(list_intakes(store)) == 3
    assert len([line for line in said if "SOHOA_REDIS_URL" in line]) == 1


def test_unreadable_folder_is_one_message(watch, drop, store, said, monkeypatch):
    """Permission denied on one dossier does not concern the others."""
    from workers import documents

    real = documents.list_folder

    def refuse(root, parts):
        if parts == ("D-1",):
            raise PermissionError(13, "Permission denied")
        return real(root, parts)

    monkeypatch.setattr(documents, "list_folder", refuse)
    drop("D-1/a.pdf")
    drop("D-2/a.pdf")
    watcher = watch()
    watcher.look()
    watcher.look()

    assert len(list_intakes(store)) == 1
    assert len([line for line in said if line.startswith("D-1")]) == 1


def test_full_outbox_disk_is_one_message_and_no_loss(watch, drop, home, work, said, monkeypatch):
    """Where the ticket cannot be written the file stays in the inbox."""
    from workers import delivery

    drop("D-1/a.pdf")
    watcher = watch()
    watcher.look()
    work()
    with monkeypatch.context() as full:

        def refuse(*arguments):
            raise OSError(28, "No space left on device")

        full.setattr(delivery, "claim_name", refuse)
        watcher.look()
        watcher.look()
        assert tree(home.inbox) == ["D-1/a.pdf"]
        assert len([line for line in said if "Ổ đĩa đã đầy" in line]) == 1
    watcher.look()

    assert tree(home.inbox) == []


def test_too_large_file_is_turned_away(watch, drop, home, store):
    """It is not even copied to the bucket."""
    drop("D-1/a.pdf", data=b"%PDF-" + b"0" * 2_000_000 + b"%%EOF")
    watch(max_file_bytes=1_000_000).look()

    assert list_intakes(store) == set()
    assert "D-1/a.pdf.txt" in tree(home.rejected)


def test_restart_in_the_middle_comes_to_the_same_end(watch, drop, home, store, work):
    """A watcher that was killed at any point is replaced by one that knows nothing."""
    drop("D-1/a.pdf", "a")
    drop("D-1/b.pdf", "b")
    watch().look()
    work()
    watch().look()
    watch().look()

    assert len(list_intakes(store)) == 2
    assert tree(home.outbox) == ["D-1/a.pdf", "D-1/a.pdf.txt", "D-1/b.pdf", "D-1/b.pdf.txt"]


def test_two_watchers_on_one_share_are_harmless(watch, drop, home, store, work):
    """Both see all; each file is delivered once, with one ticket."""
    for n in range(4):
        drop(f"D-1/{n}.pdf", str(n))
    one, other = watch(), watch()
    one.look()
    other.look()
    work()
    one.look()
    other.look()

    assert len(list_intakes(store)) == 4
    assert tree(home.outbox) == sorted(f"D-1/{n}.pdf{t}" for n in range(4) for t in ("", ".txt"))


def test_ordinals_go_on_after_what_was_delivered(watch, drop, store, work):
    """A paper that comes later is not the dossier's first again."""
    watcher = watch()
    drop("D-1/1.pdf", "1")
    drop("D-1/2.pdf", "2")
    watcher.look()
    work()
    watcher.look()
    drop("D-1/3.pdf", "3")
    watcher.look()

    ordinals = {
        intake["source_path"]: intake["document"]["ordinal"]
        for intake in (get_intake(store, record_id) for record_id in list_intakes(store))
    }
    assert ordinals == {"D-1/1.pdf": 1, "D-1/2.pdf": 2, "D-1/3.pdf": 3}


def test_name_that_is_no_unicode_and_one_that_is_too_long(watch, home, store, work):
    """Names are untrusted: whatever they are, the file is taken and delivered."""
    odd = os.fsdecode(b"b\xe9\x07.pdf")
    long = "ệ" * 83 + ".pdf"
    for name in (odd, long):
        (home.inbox / name).write_bytes(b"%PDF-1.4 " + os.fsencode(name)[:9] + b" %%EOF")
    watcher = watch()
    watcher.look()
    work()
    watcher.look()

    assert tree(home.inbox) == []
    assert len(list(home.outbox.iterdir())) == 4


def test_watch_process_ends_quickly_on_sigterm(running, drop, store):
    """The supervisor can stop it, and what it took is ours."""
    drop("D-1/a.pdf")
    code = (
        "from pipeline.settings import from_environ; from workers.watching import run_watch\n"
        "run_watch(from_environ(), print)"
    )
    environ = {**os.environ, **running.as_environ(), "SOHOA_SETTLE_S": "0"}
    process = subprocess.Popen([sys.executable, "-c", code], env=environ)
    deadline = time.monotonic() + 60
    while not list_intakes(store) and time.monotonic() < deadline:
        time.sleep(0.1)
    process.send_signal(signal.SIGTERM)

    assert process.wait(10) == 0
    assert len(list_intakes(store)) == 1


# --- much, slow, hostile, and more than one watcher ---


def test_file_changed_between_the_look_and_the_intake_is_not_ours(watch, drop, store, monkeypatch):
    """What was seen is what is taken: else it is looked at again, and then all of it."""
    from workers import inbox

    target = drop("D-1/a.pdf", "first")
    real = inbox.take_in
    with monkeypatch.context() as changing:

        def changed(*arguments):
            target.write_bytes(b"%PDF-1.4 second, and longer %%EOF")
            return real(*arguments)

        changing.setattr(inbox, "take_in", changed)
        watcher = watch()
        watcher.look()
        assert list_intakes(store) == set()
    watcher.look()

    (record_id,) = list_intakes(store)
    assert store.get(get_intake(store, record_id)["files"][0]["key"]) == target.read_bytes()


def test_page_that_grows_in_its_folder_is_noticed(watch, drop, home, store, clock):
    """The times of the folders above do not tell; the file's own is asked in each look."""
    page = drop("D-1/f/1.jpg", data=b"\xff\xd8\xff\xda half \xff\xd9")
    watcher = watch(settle_s=3.0)
    for _ in range(10):
        watcher.look()
        clock.now += 20
        times = [(one, one.stat()) for one in (page.parent, page.parent.parent)]
        with page.open("ab") as stream:
            stream.write(b" more \xff\xd9")
        for folder, found in times:
            os.utime(folder, ns=(found.st_atime_ns, found.st_mtime_ns))
    assert list_intakes(store) == set()

    watcher.look()
    clock.now += 31
    watcher.look()
    (record_id,) = list_intakes(store)
    assert get_intake(store, record_id)["files"][0]["size_bytes"] == page.stat().st_size


def test_two_watchers_at_the_same_time(watch, drop, home, store, work):
    """However their steps fall between each other: one record and one ticket for each file."""
    from concurrent.futures import ThreadPoolExecutor

    for n in range(12):
        drop(f"D-{n % 3}/{n}.pdf", str(n))
    drop("D-0/f/1.jpg", data=b"\xff\xd8\xff\xda 1 \xff\xd9")
    watchers = [watch(), watch()]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda one: one.look(), watchers))
        assert len(list_intakes(store)) == 13
        work()
        list(pool.map(lambda one: one.look(), watchers))
    for one in watchers:
        one.look()

    names = [*(f"D-{n % 3}/{n}.pdf" for n in range(12)), "D-0/f"]
    tickets = [name for name in tree(home.outbox) if name.endswith(".txt")]
    assert tickets == sorted(f"{name}.txt" for name in names)
    assert tree(home.inbox) == [] and len(list_intakes(store)) == 13


@pytest.fixture
def slow_store(store, clock, monkeypatch):
    """Each upload takes a while of the watcher's clock."""
    real = store.put_file

    def put(*arguments):
        clock.now += 0.5
        return real(*arguments)

    monkeypatch.setattr(store, "put_file", put)


def test_a_backlog_is_taken_in_slices(watch, drop, home, store, clock, work, slow_store):
    """Tickets keep coming in between, and what came last does not stand behind all others."""
    for n in range(30):
        drop(f"{n:02}.pdf", str(n))
    watcher = watch(settle_s=1.0)
    watcher.look()
    clock.now += 2
    drop("counter.pdf", "now")
    watcher.look()
    clock.now += 2
    work()

    began = clock.now
    assert watcher.look() == 0.0  # there is more to do
    assert clock.now - began < 6
    assert "counter.pdf" in [get_intake(store, i)["source_path"] for i in list_intakes(store)]
    assert len(tree(home.outbox)) > 0
    for _ in range(20):
        watcher.look()
    assert len(list_intakes(store)) == 31


def test_a_huge_dossier_is_taken_in_slices(watch, drop, store, clock, slow_store, monkeypatch):
    """Also when to read it alone takes longer than a slice."""
    from workers import inbox

    real = inbox.read_drop

    def slow(*arguments):
        clock.now += inbox.TAKE_S + 1
        return real(*arguments)

    monkeypatch.setattr(inbox, "read_drop", slow)
    for n in range(12):
        drop(f"D-1/{n}.pdf", str(n))
    watcher = watch()
    assert watcher.look() <= 0.0  # it was read, and is due now
    began = clock.now
    assert watcher.look() == 0.0
    assert clock.now - began < 12 and 0 < len(list_intakes(store)) < 12
    for _ in range(5):
        watcher.look()
    assert len(list_intakes(store)) == 12


def test_a_dossier_that_changes_all_the_time_keeps_no_other_from_being_read(
    watch, drop, store, clock, monkeypatch
):
    """However long it takes to read; each has its turn."""
    from workers import inbox

    real = inbox.read_drop

    def slow(root, entry, on_trouble):
        clock.now += 2 * inbox.OBSERVE_S if entry.name == "D-1" else 0
        return real(root, entry, on_trouble)

    monkeypatch.setattr(inbox, "read_drop", slow)
    watcher = watch(settle_s=1.0)
    for n in range(8):
        drop("D-1/a.pdf", "x" * n)
        for m in range(5):
            drop(f"{m}.pdf", str(m)) if n == 1 else None
        clock.now += 2
        watcher.look()

    assert len(list_intakes(store)) == 5


def test_store_that_does_not_want_one_file_takes_the_others(
    watch, drop, store, clock, monkeypatch, said
):
    """A file that a store refuses for itself does not stand in the way of all."""
    drop("0.pdf", "not this one")
    for n in range(1, 5):
        drop(f"{n}.pdf", str(n))
    real = store.put_file

    def put(key, path, media_type):
        if b"not this one" in path.read_bytes():
            raise StoreError("store", "too large for me")
        return real(key, path, media_type)

    monkeypatch.setattr(store, "put_file", put)
    watcher = watch()
    for _ in range(3):
        clock.now += 1
        watcher.look()

    assert len(list_intakes(store)) == 4
    assert len([line for line in said if "too large for me" in line]) == 1


def test_dead_store_gives_no_reason_to_hurry(watch, drop, store, monkeypatch):
    """Nor does a full disk: the next look comes in its own time."""

    def refuse(*arguments, **options):
        raise StoreError("store", "does not answer")

    monkeypatch.setattr(store, "get", refuse)
    for n in range(3):
        drop(f"D-1/{n}.pdf", str(n))

    assert watch().look() > 0
    assert watch(free_reserve_bytes=10**18).look() > 0


def test_the_next_look_is_wanted_when_something_will_be_quiet(watch, drop, clock):
    """So a paper is taken at the end of its settle time and not up to a look later."""
    watcher = watch(settle_s=3.0)
    assert watcher.look() == float("inf")
    drop("a.pdf", "a")

    assert watcher.look() == pytest.approx(3.0)
    clock.now += 1
    assert watcher.look() == pytest.approx(2.0)
    clock.now += 2
    assert watcher.look() == float("inf")


def test_deep_trap_is_one_message(watch, drop, home, store, said, clock):
    """Folders without end hold up neither their dossier nor others."""
    deep = home.inbox.joinpath("D-1", *["d"] * 40)
    deep.mkdir(parents=True)
    (deep / "a.pdf").write_bytes(b"x")
    drop("D-1/b.pdf", "b")
    drop("D-2/a.pdf", "a")
    watcher = watch()
    for _ in range(5):
        watcher.look()
        clock.now += 40

    assert len(list_intakes(store)) == 2
    assert len([line for line in said if "D-1/d" in line]) == 1


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_names_of_any_unicode_form_are_one_document(watch, drop, home, store, work, form):
    """macOS spells names in pieces; the ID does not depend on it, and the file keeps its name."""
    import unicodedata

    from pipeline.storage import record_id

    folder, name = (unicodedata.normalize(form, text) for text in ("Hồ sơ Ế-1", "đơn đề nghị.pdf"))
    target = drop(f"{folder}/{name}")
    watcher = watch()
    watcher.look()
    (found,) = list_intakes(store)
    sha256 = get_intake(store, found)["files"][0]["sha256"]
    assert found == record_id(unicodedata.normalize("NFC", "Hồ sơ Ế-1"), [sha256])

    work()
    watcher.look()
    assert not target.exists() and (home.outbox / folder / name).exists()


def test_manifest_that_cannot_be_read_now_is_tried_again(
    watch, drop, store, said, clock, monkeypatch
):
    """A share that stumbles holds back the dossier for a while, not for ever."""
    from workers import inbox

    drop("D-1/dossier.json", data=b'{"procedure": "1.1"}')
    drop("D-1/a.pdf")
    watcher = watch()
    with monkeypatch.context() as stumbling:

        def refuse(*arguments):
            raise OSError(5, "Input/output error")

        stumbling.setattr(inbox, "read_manifest", refuse)
        watcher.look()
        watcher.look()
        assert list_intakes(store) == set() and len(said) == 1
    clock.now += 31
    watcher.look()

    assert len(list_intakes(store)) == 1


def test_inbox_that_is_away_loses_nothing(watch, drop, home, store, work, said):
    """An unmounted share is one message; what is ours is delivered when it is back."""
    drop("D-1/a.pdf")
    watcher = watch()
    watcher.look()
    work()
    home.inbox.rename(home.home / "away")
    watcher.look()
    watcher.look()
    assert len([line for line in said if str(home.inbox) in line]) == 1

    (home.home / "away").rename(home.inbox)
    watcher.look()
    assert tree(home.outbox) == ["D-1/a.pdf", "D-1/a.pdf.txt"]
