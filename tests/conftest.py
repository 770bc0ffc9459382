"""Fixtures that more than one room uses."""

from contextlib import contextmanager
from uuid import uuid4

import pytest
from minio import Minio

from pipeline.storage import ObjectStore
from workers.servers import start_broker, start_store

# --- servers: a real broker and a real object store ---


@pytest.fixture(scope="session")
def broker(tmp_path_factory):
    """A running Valkey server; `url` connects to it."""
    with start_broker(tmp_path_factory.mktemp("broker")) as server:
        yield server


@pytest.fixture(scope="session")
def store_server(tmp_path_factory):
    """A running SeaweedFS server: `endpoint`, `access_key`, `secret_key`."""
    with start_store(tmp_path_factory.mktemp("store")) as server:
        yield server


@pytest.fixture
def store(store_server, fresh_bucket):
    """A fresh bucket in the running store."""
    with fresh_bucket(store_server) as store:
        yield store


@pytest.fixture(scope="session")
def fresh_bucket():
    """Make a bucket of its own on a server, and remove it after use."""
    return _fresh_bucket


@contextmanager
def _fresh_bucket(server):
    bucket = f"test-{uuid4().hex}"
    with ObjectStore(server.endpoint, server.access_key, server.secret_key, bucket) as store:
        store.ensure_bucket()
        yield store
        for key in list(store.list("")):
            store.delete(key)
    client = Minio(server.endpoint, server.access_key, server.secret_key, secure=False)
    client.remove_bucket(bucket)  # each holds a volume of the server as long as it exists
