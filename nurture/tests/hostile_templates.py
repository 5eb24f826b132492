"""Templates that somebody could write to learn secrets, to call things, or to make the house stand still (quality.md S16)."""

from itertools import product

#: What a template must never say: it stands in settings, in objects and in classes, and nowhere in a letter's values.
SECRET = "the-key-of-this-house"


class Trap:
    """Stands where a value stands; whoever touches more than its words is caught."""

    touched: list[str] = []
    password = SECRET

    def delete(self) -> str:
        Trap.touched.append("delete")
        return SECRET

    def __getitem__(self, name: object) -> str:
        Trap.touched.append(str(name))
        return SECRET

    def __call__(self) -> str:
        Trap.touched.append("call")
        return SECRET

    def __liquid__(self) -> str:
        Trap.touched.append("liquid")
        return SECRET

    def __html__(self) -> str:
        Trap.touched.append("html")
        return SECRET

    def __str__(self) -> str:
        return "Dewi"


_REACHES = (
    "__class__", "__class__.__mro__", "__class__.__base__.__subclasses__", "__init__.__globals__", "__dict__", "__module__", "__doc__",
    "password", "delete", "delete()", "save", "objects.all", "_meta.model", "pk", "owner.password", "owner.api_keys.first.key", "size",
    "first", "last", "0", "-1", "format", "mro", "__getitem__", "__html__", "__call__", "__liquid__", "__str__", "__repr__", "__reduce__",
)  # fmt: skip
_FORMS = (
    "{{{{ first_name.{0} }}}}",
    "{{{{ first_name['{0}'] }}}}",
    "{{% if first_name.{0} %}}{{{{ first_name.{0} }}}}{{% endif %}}",
)
_NAMES = (
    "settings", "settings.SECRET_KEY", "request", "request.user.password", "self", "self.environment", "environment", "env", "globals",
    "__builtins__", "os.environ", "config", "lead", "lead.delete", "user", "csrf_token", "forloop", "tablerowloop", "block.super", "super",
)  # fmt: skip
_FILTERS = (
    "safe", "append: first_name", "prepend: first_name", "replace: 'D', first_name", "split: ''", "map: 'password'", "where: 'password'",
    "join: 'x'", "times: 99999999", "plus: 1", "base64_decode", "url_decode", "date: '%s'", "json", "escapejs", "inspect", "pprint",
    "attr: '__class__'", "format: 1", "sort: 'password'", "slice: 0, 9999999", "truncatewords: 99999999", "newline_to_br", "strip_html",
)  # fmt: skip
_LOOPS = (
    "{% for a in (1..999999999) %}x{% endfor %}", "{% for a in (1..9999) %}{% for b in (1..9999) %}x{% endfor %}{% endfor %}",
    "{% tablerow a in (1..99999999) cols: 9 %}x{% endtablerow %}", "{% assign a = 'x' %}{{ a }}", "{% capture a %}x{% endcapture %}{{ a }}",
    "{% include 'settings' %}", "{% render 'settings' %}", "{% include '../../leadhub/settings.py' %}", "{% extends 'base.html' %}",
    "{% cycle 'a', 'b' %}", "{% increment a %}", "{% decrement a %}", "{% liquid echo first_name %}", "{% echo settings %}", "{% load i18n %}",
    "{% debug %}", "{% ssi '/etc/passwd' %}", "{% import os %}", "{% macro a() %}{% endmacro %}", "{% set a = 1 %}", "{% do 1 %}",
    "{% case first_name %}{% when 'x' %}{% endcase %}", "{% ifchanged %}x{% endifchanged %}", "{% break %}", "{% continue %}",
    "{% csrf_token %}", "{% raw %}{{ settings }}{% endraw %}", "{% block a %}{% endblock %}", "{% with a=settings %}{% endwith %}",
)  # fmt: skip
_HEAPS = (
    "{{ " * 9_000, "{% if first_name %}" * 900, "{% if first_name %}" * 900 + "{% endif %}" * 900, "{{ first_name }}" * 1_000,
    "{{ first_name" + " | upcase" * 2_000 + " }}", "{{ first_name." + "a." * 6_000 + "a }}", "{{ first_name" + "[0]" * 6_000 + " }}",
    "{% if " + " or ".join(["first_name"] * 1_500) + " %}x{% endif %}", "{{ '" + "x" * 19_000 + "' }}", "{{ (1..999999999) }}",
    "{{ first_name | truncate: 99999999999999999999 }}", "{{ 'a' * 1000000000 }}", "{{ 9 ** 999999999 }}", "{{ first_name | default: (1..99999999) }}",
    "x" * 20_001, "{{" + " " * 19_000 + "}}", "{%" * 9_000, "}}" * 9_000, "{{ first_name | " + "|" * 9_000 + " }}", "{% if %}" * 50,
    "{{ \"" + "\\" * 9_000 + "\" }}", "{{ 1" + "0" * 9_000 + " }}", "{% comment %}" * 300, "{% if first_name == first_name" + " == first_name" * 900 + " %}{% endif %}",
    "[" * 19_000, "*" * 19_000, "> " * 9_000, "- " * 9_000, "![" * 9_000, "`" * 19_000, "_a" * 9_000, "[a](" * 4_000, "<" * 19_000, "&" * 19_000,
    "](" * 9_000, "\n" * 19_000, "#" * 19_000, "1. " * 6_000, "[a]: b\n" * 2_800, "**a *b " * 2_800, "\\" * 19_000, "![a](b) " * 2_400,
)  # fmt: skip
_MARKUP = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[x](javascript:alert(1))", "[x](data:text/html,<script>1</script>)",
    "[x](vbscript:x)", "<svg onload=alert(1)>", "<iframe src=//x>", "![x](javascript:1)", "<style>*{}</style>", "<form action=//x>",
    "{{ '<script>alert(1)</script>' }}", "{{ nothing | default: '<script>alert(1)</script>' }}", "{{ '<img src=x onerror=1>' | upcase }}",
    "![{{ nothing | default: '\" onerror=\"alert(1)' }}](https://x.example/a.png)", "[a](https://x.example/{{ first_name }})",
    "<!--/letter--><script>1</script>", "{{ '<!--/letter--><script>1</script>' }}", "<a href='javascript:1'>x</a>", "<base href=//x>",
    "{{ '</div></td></table><script>1</script>' }}", "<meta http-equiv=refresh content='0;url=//x'>", "\x00<script\x00>1", "\ue0000\ue001",
    "\ue00099999\ue001", "https://link.invalid/l1 https://link.invalid/trap",
)  # fmt: skip

TEMPLATES = [
    *(form.format(reach) for form, reach in product(_FORMS, _REACHES)),
    *(f"{{{{ {name} }}}}" for name in _NAMES),
    *(f"{{{{ first_name | {one} }}}}" for one in _FILTERS),
    *_LOOPS,
    *_HEAPS,
    *_MARKUP,
]
