"""Tests of the catalogue's own knowledge: rules, documents, figures and the log's tree."""
