"""Files that hold many services: their columns, and reading and writing them as JSON, JSONL, CSV and XLSX.

Reading order: ``formats`` tells the formats apart; ``columns`` and ``labels`` say what a column is; ``cells`` turns
a cell into a value and back; ``headers`` reads a header and ``layout`` builds documents from the rows below it;
``json_files``, ``csv_files`` and ``workbooks`` (with ``parts`` and ``sheets``) stream the files themselves; ``rows``
joins all of it and checks each row; ``export_rows``, ``template`` and ``exported_workbook`` write tables, the
spreadsheet to fill in, and the same filled in.
"""
