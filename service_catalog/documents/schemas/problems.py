"""The shape of every error from every layer: RFC 9457 problem details, in both languages."""

from service_catalog.documents.fields import Many, Nested, StrictSchema, Whole, Words


class FaultSchema(StrictSchema):
    """One fault and its place."""

    pointer = Words(longest=300, shortest=0, metadata={"description": "JSON Pointer into the body, or into the row."})
    parameter = Words(longest=100, shortest=0, metadata={"description": "Name of the parameter."})
    row = Whole(least=1, most=2**31 - 1, metadata={"description": "Row of the file, counted from 1."})
    column = Words(longest=100, metadata={"description": "Name of the file's column."})
    rule = Words(longest=10, metadata={"description": "The rule that is broken, R1 to R9."})
    detail = Words(longest=1000, required=True, metadata={"description": "What is wrong, in English."})
    detail_zh = Words(longest=1000, required=True, metadata={"description": "What is wrong, in Chinese."})


class ProblemSchema(StrictSchema):
    """An error (RFC 9457)."""

    type = Words(longest=200, required=True, metadata={"description": "Where the code is explained, relative."})
    title = Words(longest=200, required=True, metadata={"description": "The reason, in English."})
    title_zh = Words(longest=200, required=True, metadata={"description": "The reason, in Chinese."})
    status = Whole(least=400, most=599, required=True, metadata={"description": "HTTP status."})
    detail = Words(longest=2000, required=True, metadata={"description": "This case, in English."})
    detail_zh = Words(longest=2000, required=True, metadata={"description": "This case, in Chinese."})
    code = Words(longest=60, required=True, metadata={"description": "The reason, for programs."})
    errors = Many(Nested(FaultSchema), most=1000, required=True, metadata={"description": "Each fault and its place."})
