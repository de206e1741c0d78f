"""The pages: what the API knows, for people; server-rendered, Chinese and English, calling the same actions.

Reading order: ``languages`` and ``texts`` (words), ``pages`` (addresses in both languages), ``rendering`` (a template
becomes an answer), then one module a page. A new page is a view with ``Pages.page``, a template that extends
``console/layout.html``, its words in ``texts``, and its line in ``policy``.
"""
