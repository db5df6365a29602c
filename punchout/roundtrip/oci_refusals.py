"""What a refused OCI call-up is told: messages that pages translate; the field stands beside them."""

from __future__ import annotations

LOGIN = (
    "The login was not recognised. Check the login fields of the catalogue in the procurement system against "
    "the set-up sheet of this agreement."
)
UNFILLED = (
    "The procurement system sent a placeholder instead of a value. Fill it in where the call structure of "
    "the catalogue is set up."
)
ZERO_BYTE = "A field holds a zero byte. Send text in it, or leave it out."
REPEATED = "A login field came twice. Send each of them once."
TOO_LARGE = "The call-up is too large or has too many fields. Send only the fields that OCI knows."
NO_FORM = "The call-up is no form. Send it as a browser sends one (application/x-www-form-urlencoded)."
AWAY = "The bookshop does not answer at the moment. Send the same again in half a minute."
BY_POST = "This agreement takes no login in the address. Call the catalogue up by POST."
NOT_SERVED = "This function is not offered here. Served are DETAIL, VALIDATE, SOURCING and BACKGROUND_SEARCH."
NO_XML = "The XML variant of OCI is not offered here. Set the catalogue up for HTML fields."
NEEDED = "The function needs this field, and it is empty."
WHOLE = "Send a whole number from 1 to 999."
NO_HOOK = "The call-up names no address that the cart can go to."
HOOK = (
    "The cart may not go to the address in this field. It must be a whole https address without a login, and "
    "its host must be on the agreement's list of return hosts."
)
