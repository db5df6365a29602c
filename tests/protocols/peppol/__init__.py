"""Peppol and EHF documents: read, written, and judged by the official rules."""
