"""Points are held as integer hundredths; here they become what people and files read."""

from decimal import Decimal

#: The most points a rule may give or take, and the widest cap, floor or threshold.
MOST_POINTS = 100_000
WIDEST = 10_000_000


def round_half_away(numerator: int, denominator: int = 1) -> int:
    """`numerator / denominator` (denominator > 0) to the nearest whole number, halves away from zero, in exact arithmetic."""
    whole = (2 * abs(numerator) + denominator) // (2 * denominator)
    return whole if numerator >= 0 else -whole


def whole_points(hundredths: int) -> int:
    """Whole points as people see them, half away from zero: 149 is 1, 150 is 2, −150 is −2."""
    return round_half_away(int(hundredths), 100)


def exact_points(hundredths: int) -> Decimal:
    """Exact points with two decimals, as files and exports state them."""
    return Decimal(int(hundredths)).scaleb(-2)


def signed_points(hundredths: int) -> str:
    """Points with their sign for ledger lines, two decimals only where they say something: "+4", "−0.5", "0"."""
    points = exact_points(abs(int(hundredths)))
    text = f"{points:f}".rstrip("0").rstrip(".")
    if not hundredths:
        return "0"
    return f"+{text}" if hundredths > 0 else f"\N{MINUS SIGN}{text}"


def plain_points(hundredths: int) -> int | float:
    """Points as a JSON number: an integer where they are whole."""
    return hundredths // 100 if hundredths % 100 == 0 else hundredths / 100
