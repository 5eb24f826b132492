"""The e-mails that StockWise nurtures its leads with: three finished ones, one of them with a draft of its next version."""

from datetime import datetime, timedelta

from accounts.models import User
from nurture.models import Email

from .content import SITE

_EMAILS = (
    ("After the guide: what a WMS should cost", "Choosing a WMS", {
        "subject": "{{ first_name | default: \"Hello\" }}, what a WMS should cost you",
        "subject_b": "Three numbers to know before you compare WMS offers",
        "preview_text": "Licences are the small part. Here is the rest.",
        "body": f"""Hello {{{{ first_name | default: "there" }}}},

most offers for a warehouse system{{% if company %}} that {{{{ company }}}} will get{{% endif %}} show the licence in large figures and everything else in a footnote. Three numbers decide whether it pays:

- **Picks per hour and person**, today and after three months
- **Days until the first zone runs**, not until the contract is signed
- **What a wrong pick costs you**: our customers found 11 € on average

You can put your own figures in and see what remains:

[Work out what slow picking costs]({SITE}/resources/roi-calculator)

If you would rather see how somebody else did it, [Nusantara Cargo tells their story]({SITE}/customers/nusantara-cargo).

Best regards
Mona, StockWise""",
    }),
    ("Peak season: six weeks to go", "Peak season", {
        "subject": "Six weeks until the peak: what still helps",
        "preview_text": "Three things that can be done without a project.",
        "body": f"""# Six weeks are enough for three things

Dear {{{{ first_name | default: "colleague" }}}},

before a peak nobody changes systems. These three things can still be done:

1. Move the twenty fastest articles next to packing.
2. Count them every evening, and nothing else.
3. Let new people pick with a handheld from the first hour.

> We lost no order in December, for the first time. — Hurtownie Wisła

[Read how they did it]({SITE}/customers/hurtownie-wisla)

Our [checklist for stocktaking]({SITE}/resources/stocktaking-checklist) fits on one page.""",
    }),
    ("Still there? One question", "Choosing a WMS", {
        "subject": "One question, {{ first_name | default: \"if I may\" }}",
        "preview_text": "Yes, later or no: each is a good answer.",
        "body": f"""Hello {{{{ first_name | default: "there" }}}},

some time ago you looked at our [price list]({SITE}/pricing/price-list). Is a warehouse system still a topic{{% if company %}} at {{{{ company }}}}{{% endif %}}?

- **Yes**: [see it in thirty minutes]({SITE}/demo)
- **Later**: answer with a month, and we write then
- **No**: answer with one word, and we stop

Mona, StockWise""",
    }),
)  # fmt: skip


def write_emails(mona: User, at: datetime) -> None:
    """Write and finish them; the first is being written anew."""
    for name, topic, said in _EMAILS:
        email = Email.objects.begin(name=name, topic=topic, by=mona, at=at)
        if draft := email.draft:
            draft.save_draft(said, by=mona, at=at)
            draft.finish(by=mona, at=at + timedelta(hours=2))
    first = Email.objects.get(name=_EMAILS[0][0])
    draft = first.start_draft(by=mona, at=at + timedelta(days=20))
    body = draft.body.replace("three months", "six weeks").replace("11 € on average", "between 8 and 14 €")
    draft.save_draft({"body": body}, by=mona, at=at + timedelta(days=20))
