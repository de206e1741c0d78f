"""The one definition of each shape that crosses a wire or lands in a file: schemas, canonical bytes, signed notes."""
