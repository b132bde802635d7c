"""The web console: where officers, approvers, managers, operations staff and auditors do their part in a browser."""
