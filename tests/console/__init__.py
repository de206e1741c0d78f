"""The pages, as the people who use them do."""
