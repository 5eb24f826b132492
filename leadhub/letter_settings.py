"""Settings of letters to leads (docs/nurture.md): how they leave, how fast, to whom, and what is noted of answers."""

import environ
from django.core.exceptions import ImproperlyConfigured

_env = environ.Env()

# A provider's API instead of EMAIL_URL, such as "postmark" (django-anymail); its keys, as JSON, stand in ANYMAIL.
NURTURE_PROVIDER = _env.str("NURTURE_PROVIDER", default="")
ANYMAIL = {"REQUESTS_TIMEOUT": (5, 30), **_env.json("ANYMAIL", default={})}
NURTURE_FROM = _env.str("NURTURE_FROM", default=_env.str("DEFAULT_FROM_EMAIL", default="LeadHub <leadhub@localhost>"))
NURTURE_REPLY_TO = _env.str("NURTURE_REPLY_TO", default="")
# At most so many letters a minute: to one domain, and in all.
NURTURE_PER_DOMAIN = _env.int("NURTURE_PER_DOMAIN", default=60)
NURTURE_PER_MINUTE = _env.int("NURTURE_PER_MINUTE", default=600)
# What a lead's consent must say before marketing writes to it; without any, whoever has not withdrawn it is written to.
NURTURE_CONSENT = _env.list("NURTURE_CONSENT", default=[])
# Whose opens and clicks are noted: "everybody" that is written to, who gave "consent", or "nobody".
NURTURE_TRACKING = _env.str("NURTURE_TRACKING", default="everybody")
if NURTURE_TRACKING not in {"everybody", "consent", "nobody"}:
    raise ImproperlyConfigured("NURTURE_TRACKING can be 'everybody', 'consent' or 'nobody'.")
# Links of a letter end after so many days; those for leaving never do.
NURTURE_LINK_DAYS = _env.int("NURTURE_LINK_DAYS", default=365)
# The key under which suppressed addresses are hashed. It must never change, or they would be written to again.
SUPPRESSION_KEY = _env.str("SUPPRESSION_KEY", default=_env.str("SECRET_KEY"))
