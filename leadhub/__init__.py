"""LeadHub: the composition root."""
