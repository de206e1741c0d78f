"""The HTTP contract under ``/api/v1``: views that parse, call one action and answer."""
