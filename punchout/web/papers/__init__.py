"""Packing slips, invoices and credit notes: the same for the desk, Min side and sessions, as page and as PDF.

``sheets`` says what each holds, once, in the language of the request. ``templates/papers/`` makes a page of
it, which ``papers.css`` prints on white; ``pdf`` has ``papers.typ`` make a tagged PDF of it.
"""
