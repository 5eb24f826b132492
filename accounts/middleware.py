"""Middleware of people: send signed-out ones to sign in, and show times and words as the viewer wants them."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, resolve_url
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme

Next = Callable[[HttpRequest], HttpResponse]


class SignedInMiddleware(LoginRequiredMiddleware):
    """Signed-out people sign in first and come back to the page they were on, never to an address that only takes posts."""

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase], *more: Any
    ) -> HttpResponseBase | None:
        """Public pages are not asked whose session it is: some of them must not even look (quality.md D8)."""
        public = not getattr(view_func, "login_required", True)
        return None if public else super().process_view(request, view_func, *more)

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        fragment = "HX-Request" in request.headers
        page = request.get_full_path() if request.method == "GET" and not fragment else _page_before(request)
        query = QueryDict(mutable=True)
        query["next"] = page
        address = f"{resolve_url(self.get_login_url(view_func))}?{query.urlencode(safe='/')}"
        # A fragment would put the sign-in page into a corner of the page; htmx follows this header with the whole window.
        return HttpResponse(status=401, headers={"HX-Redirect": address}) if fragment else redirect(address)


def _page_before(request: HttpRequest) -> str:
    """The path of the page the request was made from, when it is ours; else home."""
    said = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(said, {request.get_host()}):
        return "/"
    parts = urlsplit(said)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path or "/"


#: Where links in e-mails lead: whoever follows one is nobody here, whichever session their browser has (quality.md D8).
OUTSIDE = "/e/"


class ViewerMiddleware:
    """Activates the person's time zone and language; what a signed-in person sees is kept in no cache."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(OUTSIDE) or not request.user.is_authenticated:
            return self.get_response(request)
        with timezone.override(request.user.zone), translation.override(request.user.language):
            response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response
