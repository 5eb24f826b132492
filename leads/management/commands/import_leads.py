"""`manage.py import_leads FILE`: leads from a CSV file."""

from leads.management.import_command import ImportCommand


class Command(ImportCommand):
    help = "Import leads from a CSV file; importing it again changes nothing."
    kind = "leads"
