"""Home: each role's first screen."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.access import anyone_signed_in, gate


@gate(anyone_signed_in)
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "home.html")
