"""The office: what console, API and command line all do with cases. It knows no web and no terminal."""
