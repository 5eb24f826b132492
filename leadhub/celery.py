"""The Celery application: a doorbell for work whose truth is in PostgreSQL."""

import os
from typing import Any

from celery import Celery
from kombu.transport import redis

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leadhub.settings")


class Channel(redis.Channel):
    """A channel to the broker that says so when its line is gone, so that a worker lives on (quality.md R5).

    A task that ends, or what a worker still holds, is reported over the channel it came by. Where that line broke meanwhile kombu
    stumbles over an attribute that is not there, and the worker ends; for a line that is gone it connects anew.
    """

    def _connparams(self, asynchronous: bool = False) -> dict[str, Any]:
        if self.connection is None or self.connection.client is None:
            raise ConnectionError("This line to the broker is closed.")
        params: dict[str, Any] = super()._connparams(asynchronous)  # type: ignore[misc]  # the stubs know nothing of it
        return params


redis.Transport.Channel = Channel

app = Celery("leadhub")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
