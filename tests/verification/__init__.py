"""Tests of the offline verifier: what it proves, and that nothing that was tampered with gets past it."""
