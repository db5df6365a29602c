"""What the gateway does, one use case a file; no web framework, no SQL, time and chance handed in.

========================  ================================================================================
what happens              where
========================  ================================================================================
a request comes in        ``cxml_door``, ``opened``, ``authenticate``, ``proof``, ``patience``, ``authorise``
as a Peppol document      ``peppol_door``, ``peppol_admission``, ``refusal``
a catalogue is called up  ``oci_door``, ``oci_login``, ``oci_refusals``, ``oci_functions``
it is answered once       ``letter``, ``served``
a session starts          ``start``, ``return_url``, ``person``
an earlier cart comes up  ``reopen``, ``putting_back``, ``resume``
the shopper shops         ``arrive``, ``shop``
the cart goes back        ``cart_problems``, ``divided``, ``transfer``, ``snapshot``, ``parcel``
in several rounds         ``budget``, ``remainder``
the order comes in        ``receive``, ``item_numbers``, ``rejoin``, ``assess``, ``shoppers``, ``places``
it is kept, in versions   ``order_book``, ``changes``
a person decides          ``holds``, ``reduction``, ``progress``, ``operators``, ``outbox_desk``
the bookshop gets it      ``fulfil``, ``bring``, ``done``
its copies are moved      ``moving``
it is packed and sent     ``parcels_sent``, ``counter_work``, ``bought``
people tell us            ``feedback``
libraries keep registers  ``register_keeping``
people and buyers hear    ``telling``, ``service_answers``, ``letters``, ``dispatch``, ``outgoing``,
                          ``reply``, ``note_status``
library systems fetch     ``library_access``
everywhere                ``world``
========================  ================================================================================
"""
