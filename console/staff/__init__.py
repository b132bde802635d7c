"""The pages of officers, approvers, managers, auditors and operations staff."""
