"""Which permission each page needs; together with the API's table it names every route there is."""

from service_catalog.domain.access import Permission

PUBLIC = (
    "pages.show_home",
    "pages.list_services",
    "pages.show_service",
    "indicator_pages.show_indicators",
    "audit_pages.show_audit",
    "audit_pages.list_revisions",
    "assets.get_asset",
)

SIGNING = ("signing_pages.sign_in", "signing_pages.sign_out")

FOR_AUDITORS = (
    "revision_pages.show_revision",
    "history_pages.show_history",
    "comparison_pages.list_revisions",
    "comparison_pages.compare_revisions",
)

FOR_ADMINISTRATORS = (
    "admin_pages.list_services",
    "admin_pages.change_tags",
    "revision_pages.undo_revision",
    "editing_pages.create_service",
    "editing_pages.edit_service",
    "upload_pages.upload_file",
    "upload_pages.get_template",
)

POLICY: dict[str, Permission] = {
    **dict.fromkeys(PUBLIC, Permission.READ_CATALOGUE),
    **dict.fromkeys(SIGNING, Permission.SIGN_IN),
    **dict.fromkeys(FOR_AUDITORS, Permission.READ_REVISIONS),
    **dict.fromkeys(FOR_ADMINISTRATORS, Permission.WRITE_CATALOGUE),
}
"""The permission behind each endpoint of the pages."""
