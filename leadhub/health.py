"""Whether the application is alive and its parts answer; for supervisors, not for people."""

from django.db import connection
from django.http import HttpRequest, JsonResponse

from accounts.access import public


@public
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers; Redis is a doorbell and never makes LeadHub unhealthy."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})
