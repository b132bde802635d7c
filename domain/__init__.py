"""The rules of the ASB Case Review: pure, no clock, no input or output."""
