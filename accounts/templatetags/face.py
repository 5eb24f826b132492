"""{% load face %}: every word of docs/components.md. (settings make it a builtin, so the load may be left out.)"""

from django import template

from accounts.face import filters, lead_marks, lists, marks, pages

register = template.Library()
for part in (filters, marks, lead_marks, lists, pages):
    register.tags.update(part.register.tags)
    register.filters.update(part.register.filters)
