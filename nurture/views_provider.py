"""What a mail provider tells of letters: bounces and complaints end all mail, a delivery clears a doubt (django-anymail)."""

from importlib import import_module
from typing import Any

from anymail.signals import AnymailTrackingEvent
from anymail.webhooks.base import AnymailBaseWebhookView
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts.access import public

from .leaving import Why, leave_everything
from .models import Letter
from .settling import settle

ENDS = {"bounced": Why.BOUNCED, "complained": Why.COMPLAINED, "unsubscribed": Why.UNSUBSCRIBED}


@csrf_exempt
@public
@require_POST
def mail_events(request: HttpRequest) -> HttpResponse:
    """The provider's own way in, checked by the secret in its address or its signature; without a secret it is shut."""
    if not settings.NURTURE_PROVIDER or not settings.ANYMAIL.get("WEBHOOK_SECRET"):
        raise Http404
    answered: HttpResponse = _view(settings.NURTURE_PROVIDER).as_view()(request)
    return answered


def _view(provider: str) -> Any:
    module = import_module(f"anymail.webhooks.{provider}")
    known = [one for one in vars(module).values() if isinstance(one, type) and issubclass(one, AnymailBaseWebhookView)]
    for ending in ("TrackingWebhookView", "CombinedWebhookView"):
        for one in known:
            if one.__name__.endswith(ending) and one.__module__ == module.__name__:
                return one
    raise Http404


def follow_event(sender: Any, event: AnymailTrackingEvent, **_signal: Any) -> None:
    """Receiver of anymail's `tracking`: the letter is told by what we gave the provider with it."""
    number = str((event.metadata or {}).get("letter", ""))
    if not number.isascii() or not number.isdigit() or len(number) > 18:
        return
    letter = Letter.objects.select_related("lead").filter(pk=int(number)).first()
    if letter is None:
        return
    if event.event_type in ENDS:
        leave_everything(letter, ENDS[event.event_type], at=timezone.now(), words=str(event.description or "")[:200])
    elif event.event_type == "delivered" and letter.state == Letter.State.UNKNOWN:
        settle([letter.pk], Letter.State.SENT, at=timezone.now())
