"""Refusals of the importer below that of a whole file."""


class ValueRefused(ValueError):
    """A cell that cannot be read as what it should be; the text is a sentence for people."""


class MappingRefused(Exception):
    """A mapping that cannot be used; the text is a sentence for people."""
