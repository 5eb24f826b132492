"""Which deeds machines did: image proxies, link scanners and bots, told by their user agent (product.md §2)."""

from functools import lru_cache

_MARKS = (
    "googleimageproxy", "ggpht.com", "yahoomailproxy", "outlook-ios-proxy", "bot/", "bot ", "bot;", "bot)", "bot-", "crawler", "spider",
    "slurp", "facebookexternalhit", "bingpreview", "mediapartners", "headlesschrome", "phantomjs", "python-requests", "python-urllib",
    "aiohttp", "curl/", "wget/", "libwww", "java/", "okhttp", "go-http-client", "apache-httpclient", "barracuda", "proofpoint",
    "mimecast", "symantec", "safelinks", "urldefense", "linkscan", "link-scan", "messagelabs", "trendmicro", "fortimail",
    "uptimerobot", "pingdom", "site24x7", "monitoring", "preview", "scanner", "appengine-google",
)  # fmt: skip


@lru_cache(maxsize=10_000)
def is_machine(user_agent: str) -> bool:
    """Whether the user agent names itself a machine. An unknown or blank one is taken for a person's."""
    said = user_agent.lower()
    return said.endswith("bot") or any(mark in said for mark in _MARKS)
