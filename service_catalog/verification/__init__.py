"""The auditor's offline verifier: no network, no database; key and origin come from the auditor, never from a file."""
