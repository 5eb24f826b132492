"""The API as a whole: which rooms answer under /api/, how refusals look, and the page that explains it."""

import json
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, path
from django.views.decorators.http import require_safe
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError

from accounts.access import anyone_signed_in, gate, public
from leads.api import router as intake
from nurture.api import router as mail
from scoring.api import router as scores

api = NinjaAPI(
    title="LeadHub",
    version="1",
    urls_namespace="api",
    docs_url=None,
    description="Servers send leads and activities and read scores here. Every request carries a key: `Authorization: Bearer lh_…`.",
)
api.add_router("", intake)
api.add_router("", scores)
api.add_router("", mail)


@api.exception_handler(AuthenticationError)
def no_key(request: HttpRequest, _fault: Exception) -> HttpResponse:
    problem = {"detail": "Send a usable key: “Authorization: Bearer lh_…”."}
    response = api.create_response(request, problem, status=401)
    response["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(HttpError)
def refused(request: HttpRequest, fault: HttpError) -> HttpResponse:
    """A sentence under `detail`; how long to wait in the header."""
    response = api.create_response(request, {"detail": str(fault)}, status=fault.status_code)
    if seconds := getattr(fault, "seconds", None):
        response["Retry-After"] = str(seconds)
    return response


@gate(anyone_signed_in)
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The schema as a page of our own: no foreign script under our strict CSP."""
    paths = api.get_openapi_schema()["paths"]
    operations = [
        _shown(address, method, told) for address, methods in paths.items() for method, told in methods.items()
    ]
    return render(request, "leads/imports/api.html", {"operations": operations})


def _shown(address: str, method: str, told: dict[str, Any]) -> dict[str, Any]:
    """One operation as the page shows it."""
    shown = {
        "method": method.upper(),
        "path": address,
        "summary": told["summary"],
        "description": told.get("description", ""),
        "scope": told["x-scope"],
    }
    return shown | (_sent(address, told) if "requestBody" in told else _asked(address, told.get("parameters", [])))


def _asked(address: str, parameters: list[dict[str, Any]]) -> dict[str, Any]:
    """What an operation that only reads is asked, in its address."""
    fields = [
        _field(one["name"], one["schema"] | one, {"required": [one["name"]] * one["required"]}) for one in parameters
    ]
    example = f"curl -H 'Authorization: Bearer lh_…' '{settings.BASE_URL}{address}'"
    return {"example": example, "fields": fields, "plain": []}


def _sent(address: str, told: dict[str, Any]) -> dict[str, Any]:
    """What an operation takes in its body."""
    schema = told["requestBody"]["content"]["application/json"]["schema"]
    key, batch = next(iter(schema.get("oneOf", [schema])[0]["properties"].items()))
    item = batch["items"]
    told_fields = item["properties"].items()
    said = [
        name
        for name, one in told_fields
        if "description" in one or name in item.get("required", []) or _type(one) != "string"
    ]
    return {
        "example": _example(address, key, item),
        "fields": [_field(name, one, item) for name, one in told_fields if name in said],
        "plain": [name for name, _one in told_fields if name not in said],
    }


def _field(name: str, one: dict[str, Any], item: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "type": _type(one),
        "meaning": one.get("description", ""),
        "required": name in item.get("required", []),
    }


def _example(address: str, key: str, item: dict[str, Any]) -> str:
    told = {name: one["examples"][0] for name, one in item["properties"].items() if one.get("examples")}
    told |= {name: "2026-11-21T09:30:00+01:00" for name in item.get("required", []) if name not in told}
    if key == "activities":
        told |= {"email": "dewi@nusantara.example", "external_id": "visit-1"}
    body = json.dumps({key: [told]}, indent=2)
    return f"curl -H 'Authorization: Bearer lh_…' -H 'Content-Type: application/json' \\\n  {settings.BASE_URL}{address} -d '{body}'"


def _type(one: dict[str, Any]) -> str:
    kinds = one.get("anyOf", [one])
    return ", ".join(
        " | ".join(filter(None, kind["enum"])) if "enum" in kind else kind.get("format", kind["type"])
        for kind in kinds
        if kind.get("type") != "null"
    )


def _opened(urls: list[Any]) -> list[URLPattern | URLResolver]:
    """Ninja's views guard themselves by key, so nobody is sent to the sign-in page."""
    for pattern in urls:
        view: Callable[..., Any] = pattern.callback
        pattern.callback = public(view)
    return urls


_patterns, _app, _namespace = api.urls
urlpatterns = [path("docs", docs, name="api_docs")]
machine_urls = (_opened(_patterns), _app, _namespace)
