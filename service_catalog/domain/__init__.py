"""The catalogue's own knowledge, on the standard library alone: words, documents, rules, revisions, the log's tree."""
