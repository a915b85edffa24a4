"""The one DynamoDB client of a sandbox."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.loaders import JSONFileLoader, Loader
from botocore.session import get_session

# A reply that does not come within these (seconds) counts as lost; the commit asks again.
_CONFIG = Config(
    connect_timeout=1,
    read_timeout=2,
    max_pool_connections=16,  # as many as post to sockets at once and may find one gone
    tcp_keepalive=True,
    # DynamoDB judges each request itself; botocore's look at it is a fourth of a call's CPU.
    parameter_validation=False,
    # Repeats happen in one place, transaction.py, which knows what is safe to repeat.
    retries={"total_max_attempts": 1, "mode": "standard"},
)


class _Files(JSONFileLoader):  # type: ignore[misc] # botocore has no types
    """Reads plain JSON as dicts: twice as fast as the OrderedDicts that botocore still makes."""

    def load_file(self, file_path: str) -> Any:
        """The content of a file that is named without its ending, None if there is none."""
        plain = Path(file_path + ".json")
        return json.loads(plain.read_bytes()) if plain.is_file() else super().load_file(file_path)


class _Loader(Loader):  # type: ignore[misc] # botocore has no types
    """Finds a service's description without a look at those of the other four hundred.

    To learn whether it has a service, botocore makes a list of all that have a description, and
    opens every folder for it. The folders' names will do: a description that is missing is missed
    when it is read.
    """

    def list_available_services(self, type_name: str) -> list[str]:  # noqa: ARG002 - botocore's
        """The names that may be those of services."""
        folders = [path for path in self.search_paths if Path(path).is_dir()]
        return [name for path in folders for name in os.listdir(path)]  # noqa: PTH208 - not paths


def dynamodb() -> Any:
    """A client whose every call ends within three seconds and is tried once.

    Clients that are made after it use its session: what botocore reads is read once.
    """
    session = get_session()
    session.register_component("data_loader", _Loader(file_loader=_Files()))
    boto3.setup_default_session(botocore_session=session)
    return boto3.client("dynamodb", config=_CONFIG)
