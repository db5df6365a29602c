"""Peppol and EHF post-award documents in UBL: one file per document, each with ``parse`` and ``build``."""
