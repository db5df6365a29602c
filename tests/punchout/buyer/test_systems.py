"""The systems that the built-in buyer can be."""

from collections import Counter

from punchout.buyer.systems import CXML, OCI, systems
from punchout.demo.load import agreement_files
from session_store.agreement_file import read_toml


def test_each_demo_agreement_has_its_system():
    """None is left out, and each calls up by the protocol that its agreement speaks."""
    agreements = [read_toml(text, name)[0] for name, text in agreement_files()]
    spoken = {entry.id: OCI if OCI in entry.protocols else CXML for entry in agreements}
    assert Counter(system.agreement_id for system in systems()) == Counter([*spoken])
    assert {system.agreement_id: system.protocol for system in systems()} == spoken
