"""The template vocabulary of LeadHub: words for times and numbers, and the components of docs/components.md."""
