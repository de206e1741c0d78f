"""Files that hold many services: their columns, and reading and writing them as JSON, JSONL, CSV and XLSX.

Reading order: ``formats`` tells the formats apart; ``columns`` and ``labels`` say what a column is; ``cells`` turns
a cell into a value and back; ``layout`` reads a header and builds documents from rows; ``json_files``,
``csv_files`` and ``workbooks`` stream the files themselves; ``rows`` joins all of it and checks each row;
``template`` writes the spreadsheet that officials fill in.
"""
