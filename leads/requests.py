"""What a view gets once its gate has let somebody in, said to the type checker."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from accounts.models import User


class SignedIn(HttpRequest):
    """A request of a person: the gate let nobody else through, and the middleware of htmx has seen it."""

    user: User
    htmx: HtmxDetails
