"""The trade's feed of titles, fetched over HTTP page by page (CAT-3).

``settings`` says where it is and what its words are, ``pages`` asks for one page, ``fetching`` goes from one
to the next and keeps the place.
"""
