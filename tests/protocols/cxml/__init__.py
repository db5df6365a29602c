"""cXML, document by document."""
