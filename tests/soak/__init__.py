"""A week on the wall in minutes: `make soak`. A short one is part of the tests (tests/browser/test_soak.py)."""
