"""OCI: the call-up that opens the shop, and the cart that goes back as form fields (oci.md).

Everything here takes and gives the names and values of a form, in their order; bytes in the one file that
reads and writes them, ``pairs``.
"""
