"""Letter files to documents: one module a format."""

from ingest.readers.choose import read_document, read_documents

__all__ = ["read_document", "read_documents"]
