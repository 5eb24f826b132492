"""The API of incoming mail: what a mail server or a provider passes on of replies, reports and complaints."""

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema

from accounts.models import Scope
from leads.api import Key
from leads.api_schemas import Problem

from .incoming import take_mail

router = Router(tags=["Mail"])


class TakenOut(Schema):
    """What the mail was: reply, bounce, complaint, or blank where it answers no letter."""

    kind: str


@router.post(
    "/mail",
    response={200: TakenOut} | dict.fromkeys((401, 403, 413, 429), Problem),
    auth=Key(Scope.EVENTS_WRITE),
    url_name="mail",
    operation_id="take_mail",
    summary="Pass on an e-mail that came back",
    openapi_extra={"x-scope": Scope.EVENTS_WRITE.value},
)
def take_mail_in(request: HttpRequest) -> TakenOut:
    """The body is the whole e-mail as it came (RFC 5322). The same e-mail twice is noted once."""
    return TakenOut(kind=take_mail(request.body, at=timezone.now()).kind)
