"""The JSON intake: how a council's own form platform sends applications in."""
