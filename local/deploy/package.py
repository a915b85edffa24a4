"""What `sam package` does: local code goes to a bucket as zip files named by their content."""

from __future__ import annotations

import hashlib
import io
import zipfile
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from local.deploy.template import Template

BUCKET = "closedloop-artifacts"
_EPOCH = (2020, 1, 1, 0, 0, 0)
_CODE = {"AWS::Serverless::Function": "CodeUri", "AWS::Serverless::LayerVersion": "ContentUri"}


def package(template: Template, root: Path, s3: Any) -> Template:
    """The template with each local path replaced by the address of its uploaded zip.

    Paths are relative to `root`, the template's directory.
    """
    for resource in template["Resources"].values():
        attribute = _CODE.get(resource["Type"], "")
        path = resource.get("Properties", {}).get(attribute)
        if isinstance(path, str) and not path.startswith("s3://"):
            # A layer is unpacked into /opt, and Python looks into /opt/python.
            prefix = "python/" if attribute == "ContentUri" else ""
            resource["Properties"][attribute] = _upload(root / path, prefix, s3)
    return template


def sources(directory: Path) -> Iterator[Path]:
    """The files of a function or a layer that are deployed, in a stable order.

    What pip installs into a layer is not among them: the virtual environment has it.
    """
    for path in sorted(directory.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path


def _upload(directory: Path, prefix: str, s3: Any) -> str:
    data = _zipped(directory, prefix)
    key = f"{hashlib.sha256(data).hexdigest()}.zip"
    s3.put_object(Bucket=BUCKET, Key=key, Body=data)
    return f"s3://{BUCKET}/{key}"


def _zipped(directory: Path, prefix: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path in sources(directory):
            name = prefix + path.relative_to(directory).as_posix()
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), path.read_bytes())
    return buffer.getvalue()
