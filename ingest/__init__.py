"""Letter file → index."""
