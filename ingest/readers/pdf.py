"""PDF files that carry text (the only importer of pypdfium2)."""

from __future__ import annotations

from rag.errors import ReadError
from rag.records import Page


def read_pdf(data: bytes, file: str) -> tuple[Page, ...]:
    """Read the text of a PDF, page by page.

    Raises:
        ReadError: it is locked, damaged, or holds pictures only.
    """
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise ReadError(f"{file}: locked with a password. Save a copy without one.") from error
        raise ReadError(f"{file}: a damaged PDF ({error}). Download or export it again.") from error
    try:
        pages = tuple(Page(_page_text(document, index), index + 1) for index in range(len(document)))
    except pypdfium2.PdfiumError as error:
        raise ReadError(f"{file}: a page of this PDF cannot be read ({error}). Export it again.") from error
    finally:
        document.close()
    if not any(page.text.strip() for page in pages):
        raise ReadError(f"{file}: {len(pages)} page(s) of pictures without text. Run OCR over it first.")
    return pages


def _page_text(document: object, index: int) -> str:
    page = document[index]  # type: ignore[index]
    text_page = page.get_textpage()
    try:
        text: str = text_page.get_text_bounded()
    finally:
        text_page.close()
        page.close()
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\ufffe", "")
