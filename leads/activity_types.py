"""The activity types that ship: complete for R2, R3, R5 and R20, with category, funnel stage (R4) and intent (R3)."""

from typing import Any

from django.utils.translation import gettext_noop as _

from accounts.furnishing import furnishes

T, M, B = "top", "middle", "bottom"

#: key, label, category, funnel stage, shows intent
BUILTIN: tuple[tuple[str, str, str, str, bool], ...] = (
    ("form_submitted", _("Form submitted"), "content", M, False),
    ("content_downloaded", _("Content downloaded"), "content", T, False),
    ("newsletter_subscribed", _("Newsletter subscribed"), "content", T, False),
    ("cart_added", _("Product put into the cart"), "product", B, False),
    ("webinar_registered", _("Webinar registered"), "event", M, False),
    ("webinar_attended", _("Webinar attended"), "event", M, False),
    ("event_attended", _("Event attended"), "event", M, False),
    ("page_visit", _("Page visited"), "web", T, False),
    ("email_opened", _("E-mail opened"), "email", T, False),
    ("email_clicked", _("E-mail link clicked"), "email", M, False),
    ("email_replied", _("E-mail replied to"), "email", M, False),
    ("social_liked", _("Social post liked"), "social", T, False),
    ("social_commented", _("Social post commented"), "social", T, False),
    ("social_shared", _("Social post shared"), "social", T, False),
    ("ad_clicked", _("Ad clicked"), "social", T, False),
    ("software_downloaded", _("Demo software downloaded"), "product", B, False),
    ("demo_requested", _("Demo requested"), "contact", B, True),
    ("demo_cancelled", _("Demo cancelled"), "contact", B, False),
    ("trial_requested", _("Free trial requested"), "contact", B, True),
    ("contact_requested", _("Sales contact requested"), "contact", B, True),
    ("price_list_downloaded", _("Price list downloaded"), "content", B, True),
    ("presentation_booked", _("Offer presentation booked"), "contact", B, True),
    ("seller_contacted", _("Contacted a seller"), "contact", B, True),
    ("implementation_discussed", _("Implementation discussed"), "contact", B, True),
    ("consultation_requested", _("Consultation requested"), "contact", B, True),
    ("sales_call", _("Call by sales"), "sales", B, False),
    ("sales_meeting", _("Meeting with sales"), "sales", B, False),
    ("sales_email", _("E-mail by sales"), "sales", B, False),
)


@furnishes
def ensure_builtin_types(**_signal: Any) -> None:
    """Insert the built-in types that are missing; what people changed of the others stays."""
    from .models import ActivityType  # noqa: PLC0415 - apps.py reads this module before models may be imported

    ActivityType.objects.bulk_create(
        [
            ActivityType(
                key=key, label=label, category=category, funnel_stage=stage, shows_intent=intent, is_builtin=True
            )
            for key, label, category, stage, intent in BUILTIN
        ],
        ignore_conflicts=True,
    )
