"""Ketenzicht's numbers: everything between an extract and a result, without any screen."""
