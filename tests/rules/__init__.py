"""The laws of the house: what every room, route, error and page of the documentation must keep."""
