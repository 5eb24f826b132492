"""What StockWise shows the world: pages, assets with funnel stages, campaigns, sources and newsletters."""

from dataclasses import dataclass

SITE = "https://stockwise.example"


@dataclass(frozen=True)
class Piece:
    """A piece of content and the deed of taking it."""

    key: str
    kind: str
    stage: str
    deed: str
    path: str


PIECES = (
    Piece(
        "White paper: Picking errors and what they cost",
        "white paper",
        "top",
        "content_downloaded",
        "/resources/picking-errors",
    ),
    Piece("E-book: The warehouse of 2027", "e-book", "top", "content_downloaded", "/resources/warehouse-2027"),
    Piece(
        "Checklist: Ready for stocktaking", "template", "top", "content_downloaded", "/resources/stocktaking-checklist"
    ),
    Piece("Guide: Choosing a WMS", "guide", "middle", "content_downloaded", "/resources/choosing-a-wms"),
    Piece("Calculator: What slow picking costs", "template", "middle", "form_submitted", "/resources/roi-calculator"),
    Piece("Case study: Nusantara Cargo", "case study", "middle", "content_downloaded", "/customers/nusantara-cargo"),
    Piece("Case study: Hurtownie Wisła", "case study", "middle", "content_downloaded", "/customers/hurtownie-wisla"),
    Piece("Product sheet: StockWise Scan", "product sheet", "bottom", "content_downloaded", "/product/scan"),
    Piece("Price list 2026", "price list", "bottom", "price_list_downloaded", "/pricing/price-list"),
    Piece("StockWise demo for Windows", "software", "bottom", "software_downloaded", "/product/demo"),
)
WEBINARS = (
    Piece(
        "Webinar: Cycle counting without closing", "webinar", "middle", "webinar_registered", "/webinars/cycle-counting"
    ),
    Piece("Webinar: From spreadsheet to WMS", "webinar", "middle", "webinar_registered", "/webinars/from-spreadsheet"),
    Piece("Webinar: Peak season in Indonesia", "webinar", "top", "webinar_registered", "/webinars/peak-season"),
)
EVENTS = ("Modern Warehouse Poznań", "Indonesia Logistics Expo", "LogiMAT Stuttgart")

PAGES = {
    "top": ("/", "/blog/abc-analysis", "/blog/barcode-or-rfid", "/blog/returns", "/about", "/blog/peak-season"),
    "middle": ("/product", "/product/receiving", "/product/picking", "/solutions/3pl", "/solutions/retail", "/customers",
               "/integrations/sap", "/integrations/comarch"),
    "bottom": ("/pricing", "/pricing", "/pricing/enterprise", "/product/demo", "/security", "/contact"),
    "careers": ("/careers", "/careers/warehouse-consultant", "/careers/backend-developer", "/careers/benefits"),
}  # fmt: skip

#: Deeds that show commercial intent (R3), how common each is, and the page they happen on.
INTENTS = (
    ("demo_requested", 38, "/demo"),
    ("price_list_downloaded", 20, "/pricing/price-list"),
    ("contact_requested", 14, "/contact"),
    ("trial_requested", 12, "/trial"),
    ("consultation_requested", 8, "/consultation"),
    ("presentation_booked", 5, "/demo/presentation"),
    ("implementation_discussed", 3, "/contact"),
)

#: source, share, how hot its leads are (1 = average), campaigns
SOURCES = (
    ("Organic search", 26, 1.1, ("",)),
    ("Google Ads", 18, 0.8, ("WMS Poland 2026", "Gudang pintar 2026", "Brand")),
    ("LinkedIn", 14, 0.9, ("Decision makers Q1", "Case studies Q3")),
    ("Webinar", 13, 1.15, ("Cycle counting", "From spreadsheet to WMS", "Peak season")),
    ("Trade fair", 10, 1.2, EVENTS),
    ("Referral", 8, 1.7, ("",)),
    ("Partner", 5, 1.5, ("ERP partners",)),
    ("Facebook", 6, 0.35, ("Warehouse tips",)),
)

NEWSLETTERS = (
    "Five ways to shorten the picking path", "What RFID really costs", "Stocktaking in one night", "New: StockWise Scan 4",
    "How Nusantara Cargo halved its returns", "The peak season plan", "ABC analysis, done right", "Comarch and SAP: what is new",
)  # fmt: skip
