"""Tests of the wire shapes: canonical bytes, strict fields, schemas, signed notes, cursors and the seed."""
