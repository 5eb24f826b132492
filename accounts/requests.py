"""Every request has an id, in its answer and in each line it logs; slow ones are logged."""

import logging
import secrets
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from .logs import request_id

logger = logging.getLogger(__name__)


class RequestMiddleware:
    """Gives the request an id (`X-Request-Id`) and warns when the answer took longer than `SLOW_REQUEST_SECONDS`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        mark = request_id.set(secrets.token_hex(8))
        started = time.monotonic()
        try:
            response = self.get_response(request)
            response.headers["X-Request-Id"] = request_id.get()
            _warn_if_slow(request, response, time.monotonic() - started)
        finally:
            request_id.reset(mark)
        return response


def _warn_if_slow(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    if seconds < settings.SLOW_REQUEST_SECONDS:
        return
    details = {"request": request, "status": response.status_code, "ms": round(seconds * 1000)}
    logger.warning("Slow request", extra=details)
