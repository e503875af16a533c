"""One module a format: file → Document."""
