"""A PDF as others read it: its words in their order, its tags, and what it says of itself."""

import io

from pypdf import PdfReader


def opened(raw):
    """The PDF, taken apart."""
    return PdfReader(io.BytesIO(raw))


def pages(raw):
    """The words of each page, blanks collapsed."""
    return [" ".join(page.extract_text().split()) for page in opened(raw).pages]


def words(raw):
    """The words of all pages."""
    return " ".join(pages(raw))


def lowest_line(raw):
    """How far above the lower edge of its page the lowest word stands, in points; negative below it."""
    heights = []
    for page in opened(raw).pages:
        page.extract_text(
            visitor_text=lambda text, matrix, *_: heights.append(matrix[5]) if text.strip() else None
        )
    return min(heights)


def tags(raw):
    """Every tag, a parent before its children: (type, its attributes, the types of its children)."""
    found = []
    _walk(opened(raw).trailer["/Root"]["/StructTreeRoot"]["/K"], found)
    return found


def claims_accessibility(raw):
    """Whether it says that it keeps to PDF/UA-1."""
    return b"<pdfuaid:part>1</pdfuaid:part>" in opened(raw).trailer["/Root"]["/Metadata"].get_data()


def _walk(node, found):
    node = node.get_object()
    if isinstance(node, list):
        for each in node:
            _walk(each, found)
    elif isinstance(node, dict) and "/S" in node:
        attributes = {}
        for entry in node.get("/A", []):
            attributes |= entry.get_object()
        children = node.get("/K", [])
        below = children if isinstance(children, list) else [children]
        kinds = [each.get_object()["/S"] for each in below if "/S" in _dict(each)]
        found.append((node["/S"], attributes, kinds))
        for each in below:
            _walk(each, found)


def _dict(node):
    node = node.get_object()
    return node if isinstance(node, dict) else {}
