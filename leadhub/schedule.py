"""All periodic work of LeadHub: what beat rings for, and what the sweeper does all the same where nobody hears it."""

from datetime import timedelta

from celery.schedules import crontab

CELERY_BEAT_SCHEDULE = {
    "score-what-arrived": {"task": "scoring.tasks.drain", "schedule": timedelta(seconds=30)},
    "score-a-new-day": {"task": "scoring.tasks.sweep_day", "schedule": timedelta(minutes=10)},
    "check-vectors": {"task": "scoring.tasks.check_vectors", "schedule": crontab(hour=3, minute=20)},
    "look-after-rules": {"task": "scoring.tasks.look_after", "schedule": timedelta(minutes=1)},
    "remind-of-follow-ups": {"task": "handoff.tasks.remind", "schedule": timedelta(seconds=30)},
    "begin-absences": {"task": "handoff.tasks.begin_absences", "schedule": timedelta(minutes=1)},
    "give-what-waited": {"task": "handoff.tasks.give_waiting", "schedule": timedelta(minutes=1)},
    "thin-rounds": {"task": "handoff.tasks.thin_rounds", "schedule": crontab(hour=3, minute=40)},
    "bring-back": {"task": "handoff.tasks.bring_back", "schedule": timedelta(minutes=5)},
    "refresh-lists": {"task": "nurture.tasks.refresh_lists", "schedule": timedelta(seconds=30)},
    "enter-programs": {"task": "nurture.tasks.enter_programs", "schedule": timedelta(minutes=1)},
    "advance-programs": {"task": "nurture.tasks.advance_programs", "schedule": timedelta(seconds=30)},
    "send-mail": {"task": "outbox.tasks.deliver", "schedule": timedelta(seconds=30)},
    "send-letters": {"task": "nurture.tasks.deliver_letters", "schedule": timedelta(seconds=30)},
    "tell-other-programs": {"task": "outbox.tasks.deliver_hooks", "schedule": timedelta(seconds=30)},
    "resume-imports": {"task": "leads.tasks.resume_imports", "schedule": timedelta(minutes=1)},
}

#: Done every SWEEP_SECONDS, in this order: dotted paths of `step(now)`. Whoever sends may take as long as a round of sending
#: lasts, so reminders have a turn after each: alone, too, the sweeper tells everybody in time (quality.md R3).
SWEEPER_STEPS = [
    "scoring.sweep.drain",
    "scoring.publishing.carry_on_some",
    "scoring.sweep.sweep_some",
    "handoff.absences.begin_due",
    "handoff.opening.give_waiting",
    "handoff.reminders.remind",
    "handoff.returning.bring_back",
    "nurture.filling.refresh_some",
    "leads.imports.resume",
    "scoring.care.look_after",
    "nurture.entering.enter_all",
    "nurture.planning.advance",
    "outbox.delivery.deliver",
    "handoff.reminders.remind",
    "nurture.posting_letters.deliver",
    "handoff.reminders.remind",
    "outbox.hook_delivery.deliver",
]
