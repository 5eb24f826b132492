"""Error pages of the house: the same face, a sentence, a way on."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form had been open too long, or cookies are off."""
    return render(request, "403_csrf.html", status=403)
