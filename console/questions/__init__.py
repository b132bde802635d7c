"""Questions on a page: fields made from models, their words, lists that grow."""
