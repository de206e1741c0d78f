"""The one definition of how services are searched: what of a document is indexed, and what a question means.

Read ``entries`` for the first and ``questions`` for the second; both spell by ``spelling`` and ``pinyin``. The
synonyms and stop words of daily speech are data beside these modules.
"""
