"""The effects of a case: letters, agencies, the register, escalation."""
