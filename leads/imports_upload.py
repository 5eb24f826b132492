"""An uploaded file on its way to disk: counted while it comes, refused as soon as it is too large or no table."""

import uuid
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler
from django.utils.translation import gettext as _

from accounts.models import User

from .importing.mapping import Mapping
from .importing.reader import Table
from .importing.source import FileRefused, look_at
from .models import ImportJob

FOLDER = "imports"


class CountingHandler(TemporaryFileUploadHandler):
    """Streams to a temporary file and stops listening when the limit is passed."""

    taken = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> Any:
        self.taken += len(raw_data)
        if self.taken > settings.IMPORT_MAX_BYTES:
            raise StopUpload(connection_reset=True)
        return super().receive_data_chunk(raw_data, start)


def keep(upload: UploadedFile, *, kind: str, told: Mapping, by: User) -> ImportJob:
    """The import of an uploaded file, waiting for its columns to be matched. Raises `FileRefused` and keeps nothing."""
    name = f"{FOLDER}/{uuid.uuid4().hex}.csv"
    path = Path(settings.MEDIA_ROOT) / name
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with path.open("wb") as file:
            for chunk in upload.chunks():
                file.write(chunk)
        table = Table(look_at(path, encoding=told.encoding, delimiter=told.delimiter))
        if next(table.rows(), None) is None:
            raise FileRefused(_("The file has a header but no rows."))
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return ImportJob.objects.create(
        kind=kind, file=name, name=clean_name(upload.name or ""), bytes=path.stat().st_size, mapping=told.to_document(),
        reading={"most_rows": settings.IMPORT_MAX_ROWS}, created_by=by,
    )  # fmt: skip


def clean_name(name: str) -> str:
    """The file's own name as it can be stored and shown."""
    shown = "".join(char for char in Path(name).name if char.isprintable()).encode("utf-8", "replace").decode()
    return shown[:255] or "file.csv"
