"""What docs/front-end.md shows, as front-end developers would use it: in a browser and with a compiler."""
