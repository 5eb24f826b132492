"""How the elements of a letter look. Mail programs read no style sheets, so each element carries its own."""

_FONT = "color:#1f2430;font-family:-apple-system,'Segoe UI',Helvetica,Arial,sans-serif"
STYLES = {
    "p": f"margin:0 0 16px;font-size:16px;line-height:1.5;{_FONT}",
    "h1": f"margin:0 0 16px;font-size:24px;line-height:1.25;font-weight:600;{_FONT}",
    "h2": f"margin:24px 0 12px;font-size:20px;line-height:1.3;font-weight:600;{_FONT}",
    "h3": f"margin:20px 0 8px;font-size:16px;line-height:1.4;font-weight:600;{_FONT}",
    "ul": "margin:0 0 16px;padding:0 0 0 22px",
    "ol": "margin:0 0 16px;padding:0 0 0 22px",
    "li": f"margin:0 0 6px;font-size:16px;line-height:1.5;{_FONT}",
    "blockquote": "margin:0 0 16px;padding:0 0 0 14px;border-left:3px solid #d5d9e2",
    "hr": "margin:24px 0;border:0;border-top:1px solid #d5d9e2",
    "a": "color:#2450c8;text-decoration:underline",
    "img": "max-width:100%;height:auto;border:0",
    "code": "font-family:ui-monospace,Consolas,monospace;font-size:15px",
}
#: A link that has a paragraph to itself is a button.
BUTTON = "display:inline-block;padding:12px 20px;border-radius:6px;background:#2450c8;color:#ffffff;font-weight:600;text-decoration:none"
#: What style properties may say anything in a letter.
PROPERTIES = {
    "margin", "padding", "font-size", "line-height", "font-weight", "color", "font-family", "border", "border-left", "border-top",
    "text-decoration", "display", "border-radius", "background", "max-width", "height",
}  # fmt: skip
