"""Letters: what is written of Markdown and merge values, and that neither can do harm (quality.md S16, S17, E16)."""

import re
import time
import tracemalloc
from email import message_from_bytes, policy
from email.errors import HeaderParseError
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from django.core.mail import EmailMultiAlternatives

from leads.models import Lead
from nurture.envelope import header_of, receiver
from nurture.merge_language import MergeFault, check, fields_without_fallback, rendered
from nurture.models import Letter
from nurture.tokens import Purpose, read, token
from nurture.writing import Draft, compose, write

from .hostile_templates import SECRET, TEMPLATES, Trap

VALUES = {"first_name": "Dewi", "company": "Nusantara & Sons", "city": ""}


class Places:
    pixel, trap, unsubscribe, preferences = (f"https://go.example/{name}" for name in ("p", "t", "u", "c"))

    def link(self, key: str) -> str:
        return f"https://go.example/{key}?a=1&b=2"


def letter(body: str = "", *, values: dict | None = None, variant: str = "a", **more: str):
    said = {"subject": "Hello {{ first_name }}", "subject_b": "", "preview_text": ""} | more
    draft = Draft(**said, body=body, html="", text="", links=[])
    return write(draft, VALUES | (values or {}), addresses=Places(), variant=variant)


def test_a_letter_says_what_it_knows_and_falls_back_where_it_does_not():
    written = letter(
        'Hi {{ first_name }} of {{ company }} in {{ city | default: "your town" }}.', subject="For {{ first_name }}"
    )
    assert written.subject == "For Dewi"
    assert "Hi Dewi of Nusantara &amp; Sons in your town." in written.html
    assert written.text.startswith("Hi Dewi of Nusantara & Sons in your town.\n\n-- \n")


def test_a_condition_shows_or_hides_whole_paragraphs():
    body = "One\n\n{% if city %}\n\nIn {{ city }}\n\n{% endif %}\n\nTwo"
    assert "In " not in letter(body).html
    assert letter(body).text.startswith("One\n\nTwo\n")
    assert "In Jakarta" in letter(body, values={"city": "Jakarta"}).html


def test_links_lead_over_their_keys_and_a_lone_one_is_a_button():
    written = letter(
        "See [prices](https://x.example/p?a=1&b=2) and [again](https://x.example/p?a=1&b=2)\n\n[Demo](https://x.example/d)"
    )
    hrefs = re.findall(r'<a href="([^"]+)"[^>]*?( class="button")?>', written.html)
    assert hrefs[:3] == [
        ("https://go.example/l1?a=1&amp;b=2", ""),
        ("https://go.example/l1?a=1&amp;b=2", ""),
        ("https://go.example/l2?a=1&amp;b=2", ' class="button"'),
    ]
    assert "See prices <https://go.example/l1?a=1&b=2> and again" in written.text


def test_links_keep_their_keys_when_others_come_before_them():
    made = compose("[new](https://x.example/n) [old](https://x.example/o)", keys={"https://x.example/o": "l1"})
    assert [(link.key, link.words) for link in made.letter.links] == [("l2", "new"), ("l1", "old")]


def test_every_letter_has_its_way_out_its_trap_and_its_pixel():
    written = letter("Hello")
    for place in ("p", "t", "u", "c"):
        assert f'"https://go.example/{place}"' in written.html
    assert "Unsubscribe: https://go.example/u" in written.text
    assert "https://go.example/t" not in written.text


def test_the_second_subject_is_for_those_who_try_it():
    assert letter(subject="A", subject_b="B", variant="b").subject == "B"
    assert letter(subject="A", subject_b="", variant="b").subject == "A"


def test_plain_text_reads_like_a_letter():
    text = letter(
        "# Title\n\n- one\n- two\n\n1. first\n2. second\n\n> said\n\n![A chart](https://x.example/a.png)"
    ).text
    assert text.startswith("Title\n\n- one\n- two\n\n1. first\n2. second\n\n> said\n\nA chart\n\n-- \n")


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("{{ frist_name }}", "“frist_name” is not a merge field."),
        ("{{ first_name", "A merge field is begun and not closed"),
        ("{% for a in first_name %}{% endfor %}", "cannot be read"),
        ("{{ first_name | append: 'x' }}", "cannot be read"),
        ("x" * 20_001, "longer than 20000 characters"),
        ("{{ first_name }}" * 201, "more than 200 merge fields"),
    ],
)
def test_what_cannot_be_written_is_refused_with_a_sentence(source: str, said: str):
    with pytest.raises(MergeFault, match=re.escape(said)):
        check(source, VALUES)


def test_fields_without_fallback_leave_holes():
    source = "{{ first_name }} {{ city | default: 'x' }} {% if company %}{{ company }}{% endif %} {{ country | default: '' }}"
    assert fields_without_fallback(source) == {"first_name", "country"}


class Reader(HTMLParser):
    """Notes what a mail program would run or follow."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.alive: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        if tag in {"script", "svg", "iframe", "form", "base", "meta", "style", "object", "link", "input"}:
            self.alive.append(tag)
        for name, value in attrs:
            leads = name in ("href", "src") and not str(value).startswith(("https://", "http://", "mailto:"))
            if leads or name.startswith("on"):
                self.alive.append(f"{name}={value}")


def harm_of(template: str, values: dict) -> str:
    """What a hostile template brought about, as a letter and as a subject; blank where nothing."""
    try:
        written = letter(template, values=values, subject=template[:200], preview_text=template[:200])
    except MergeFault as fault:
        return "told a secret" if SECRET in str(fault) else ""
    said = f"{written.subject} {written.html} {written.text}"
    if SECRET in said or len(said) > 600_000:
        return f"{template[:60]} said {len(said)} characters"
    alive = Reader(written.html.partition("<body")[2]).alive
    return f"{template[:60]} is alive: {alive}" if alive else ""


def test_no_hostile_template_learns_or_calls_anything(settings):
    settings.SECRET_KEY = SECRET * 3
    values = {"first_name": Trap()}
    assert len(TEMPLATES) >= 200
    assert [harm for template in TEMPLATES if (harm := harm_of(template, values))] == []
    assert Trap.touched == []


def seconds_of(template: str) -> float:
    """Processor time of the quickest of three; other programs and the collector do not count."""
    took = []
    for _attempt in range(3):
        began = time.thread_time()
        harm_of(template, {})
        took.append(time.thread_time() - began)
        if took[-1] < 0.1:
            break
    return min(took)


def test_no_hostile_template_takes_long_or_much():
    assert [(template[:40], took) for template in TEMPLATES if (took := seconds_of(template)) > 0.1] == []
    tracemalloc.start()
    peaks = {}
    for template in TEMPLATES:
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        harm_of(template, {})
        peaks[template[:40]] = tracemalloc.get_traced_memory()[1] - before
    tracemalloc.stop()
    assert {name: peak for name, peak in peaks.items() if peak > 20_000_000} == {}


BREAKS = ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029", "\x00", "%0d%0a", "\\r\\n", "\u560a", "\r\n\t", "\n ", "\u202e", "\ud800", "＠", ", ", "; "]  # fmt: skip
ADDED = ["Bcc: evil@x.example", "To: evil@x.example", "Content-Type: text/html", "X-A: b", "\r\nDear all", "From: a@b.example", "<evil@x.example>", '"quoted" <evil@x.example>', "=?utf-8?q?=0ABcc:_a@b.example?=", "Reply-To: evil@x.example"]  # fmt: skip


PAYLOADS = [f"Dewi{cut}{added}" for cut in BREAKS for added in ADDED]


def headers_of(subject: str, to: str) -> tuple[list[str], list[str]]:
    """The headers of a mail as a reader's program finds them, and whom the envelope and the header name."""
    mail = EmailMultiAlternatives(subject, "Hi", "us@x.example", [to])
    message = message_from_bytes(mail.message().as_bytes(), policy=policy.default)
    return sorted(message.keys()), [one.addr_spec for one in message["To"].addresses]


MEANT = (sorted({"Content-Type", "MIME-Version", "Content-Transfer-Encoding", "Subject", "From", "To", "Date", "Message-ID"}), ["them@x.example"])  # fmt: skip


@pytest.mark.parametrize("name", ["first_name", "last_name"])
def test_no_name_or_subject_adds_a_header(name: str):
    """S17: line breaks of all alphabets in all that reaches a header: subject, merge field, both names; 0 headers or recipients
    more than meant."""
    assert len(PAYLOADS) >= 200
    for payload in PAYLOADS:
        subject = payload if name == "last_name" else "Hello {{ first_name }}"
        written = letter("Hi", values={"first_name": payload}, subject=subject)
        to = receiver(Letter(to="them@x.example", lead=Lead(**{name: payload})))
        assert headers_of(header_of(written.subject), to) == MEANT, payload


def test_no_address_becomes_two_or_a_header():
    """An address that no server could take is refused, never cut into parts; whatever leaves goes to one."""
    for payload in PAYLOADS:
        try:
            headers, recipients = headers_of("Hi", receiver(Letter(to=f"{payload}@x.example", lead=None)))
        except (ValueError, UnicodeError, HeaderParseError):  # settled as failed, with the reason
            continue
        assert (headers, len(recipients)) == (MEANT[0], 1), payload


#: S12: ways to make an address of ours lead elsewhere.
ELSEWHERE = [
    f"{start}{host}{rest}"
    for start in ("//", "/\\", "http:", "http:///", "https:/", "%2F%2F", "%5C%5C", "///", "\t//", "@", "http://good.example@", "javascript://", "data://", "/%0d%0aLocation:%20//", "https://good.example\\@", "\r\nLocation: https://", "〱", "/.//", ";//", "?url=//")
    for host in ("evil.example", "evil。example", "xn--e1awd7f.example", "[::1]", "2130706433")
    for rest in ("", "/%2e%2e", "#@good.example")
]  # fmt: skip


def test_no_signed_address_can_be_bent_to_lead_elsewhere():
    """Where a click leads stands in the database; in the address only what we signed is read."""
    good = token(Purpose.CLICK, 7, "l1")
    assert len(set(ELSEWHERE)) >= 300
    bent = [way for part in ELSEWHERE for way in (part, good + part, part + good, good.replace("l1", part, 1)) if read(Purpose.CLICK, way)]  # fmt: skip
    assert bent == []


def test_a_link_that_is_written_leads_where_it_says_or_nowhere():
    for address in ELSEWHERE:
        written = compose(f"[Read on](<{address}>)").letter
        kept = [link.url for link in written.links if link.key]
        assert all(urlsplit(url).hostname and url.startswith(("https://", "http://")) for url in kept), address
        assert written.faults or kept or not written.links, address


def test_values_are_words_and_never_templates():
    written = letter("{{ first_name }}", values={"first_name": "{{ company }} {% if city %}"})
    assert "{{ company }} {% if city %}" in written.text
    assert rendered("{{ first_name | upcase }}", {"first_name": "a<b>"}, html=True) == "A&lt;B&gt;"
