"""`manage.py import_activities FILE`: activities from a CSV file."""

from leads.management.import_command import ImportCommand


class Command(ImportCommand):
    help = "Import activities of known leads from a CSV file; importing it again changes nothing."
    kind = "activities"
