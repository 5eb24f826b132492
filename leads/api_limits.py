"""Rate limits of the intake API, per key and per address; without Redis each process counts alone and stricter (quality.md S20)."""

from functools import cache

from django.conf import settings
from limits import RateLimitItem, parse
from limits.errors import StorageError
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import MovingWindowRateLimiter

#: Without shared state several processes let through several times as much, so each gets a share.
DEGRADED_SHARE = 4
#: Refused keys from one address, so that nobody tries keys by the thousand.
REFUSED_RATE = "20/10seconds"
_RETRY_SECONDS = 10


def refused(bucket: str, rate: str = "") -> int | None:
    """Count one request; None when it may pass, else how many seconds to wait."""
    item = parse(rate or settings.API_RATE)
    try:
        return None if _shared().hit(item, bucket) else _RETRY_SECONDS
    except StorageError:
        return None if _alone().hit(_stricter(item), bucket) else _RETRY_SECONDS


@cache
def _shared() -> MovingWindowRateLimiter:
    uri = (
        settings.REDIS_URL.replace("unix://", "redis+unix://", 1)
        if settings.REDIS_URL.startswith("unix://")
        else settings.REDIS_URL
    )
    return MovingWindowRateLimiter(
        RedisStorage(
            uri, wrap_exceptions=True, key_prefix="leadhub-api", socket_connect_timeout=0.3, socket_timeout=0.5
        )
    )


@cache
def _alone() -> MovingWindowRateLimiter:
    return MovingWindowRateLimiter(MemoryStorage())


def _stricter(item: RateLimitItem) -> RateLimitItem:
    return type(item)(max(item.amount // DEGRADED_SHARE, 1), item.multiples)
