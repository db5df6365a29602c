"""Tests of protocols.oci."""
