"""Registers as stored: each change waits for others of the same customer, and is whole or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace

from sqlalchemy import BindParameter, Connection, bindparam, delete, insert, select, update

from catalog_bridge.bookshop import NotFound, Refused
from catalog_bridge.embedded import barcodes, customers, tables
from catalog_bridge.embedded.available import available
from catalog_bridge.embedded.database import Database, put
from catalog_bridge.rules import register as rules
from catalog_bridge.rules import templates
from catalog_bridge.rules.register_csv import taken
from protocols.model.distribution import Code, CopyCodes, Profile, Register
from protocols.model.serial import from_json, to_json
from protocols.model.service import BarcodeSeries
from protocols.model.template import Share, Template

MOST_CODES = 5_000
MOST_PROFILES = 500
MOST_TEMPLATES = 200
"""Of one customer: far above any library's, and small enough for a page."""

_SCOPE: BindParameter[str] = bindparam("scope")
_LOCK = select(tables.customer).where(tables.customer.c.customer_number == _SCOPE).with_for_update()
_NO_PROFILES = delete(tables.profile).where(tables.profile.c.customer_number == _SCOPE)
_DEFAULTS = (
    update(tables.user)
    .where(tables.user.c.customer_number == _SCOPE, tables.user.c.default_profile == bindparam("old"))
    .values(default_profile=bindparam("new"))
)
_TEMPLATES = (
    select(tables.template.c.rule)
    .where(tables.template.c.customer_number == _SCOPE)
    .order_by(tables.template.c.position)
)
_NO_TEMPLATES = delete(tables.template).where(tables.template.c.customer_number == _SCOPE)

Rule = Callable[[Register], Register]
Ordering = Callable[[tuple[Template, ...], Register], tuple[Template, ...]]


class EmbeddedRegisters:
    """The ``Registers`` Protocol on our own tables."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def register(self, customer_number: str) -> Register:
        """The register as it stands; empty is normal (DIST-2)."""
        with available(), self._db.read() as tx:
            return customers.register(tx, customers.known(tx, customer_number))

    def barcodes(self, customer_number: str) -> tuple[BarcodeSeries, ...]:
        """The library's own series in the sequence in which they are used (SVC-5)."""
        with available(), self._db.read() as tx:
            return barcodes.series(tx, customers.known(tx, customer_number))

    def add_code(self, customer_number: str, code: Code) -> Register:
        """The register with one more code (DIST-5). Refused."""
        return self._changed(customer_number, lambda register: rules.with_code(register, code))

    def label_code(self, customer_number: str, field: str, value: str, label: str) -> Register:
        """The register with another description of a code. NotFound; Refused."""
        return self._changed(customer_number, lambda register: rules.labelled(register, field, value, label))

    def retire_code(self, customer_number: str, field: str, value: str) -> Register:
        """The register that no longer offers the code (DIST-6). NotFound."""
        return self._changed(customer_number, lambda register: rules.retire(register, field, value))

    def restore_code(self, customer_number: str, field: str, value: str) -> Register:
        """The register that offers the code again. NotFound."""
        return self._changed(customer_number, lambda register: rules.restore(register, field, value))

    def put_profile(self, customer_number: str, profile: Profile, instead_of: str = "") -> Register:
        """The register with a new profile, or with this one in place of another. NotFound; Refused."""

        def rule(register: Register) -> Register:
            return rules.with_profile(register, profile, instead_of=instead_of)

        with self._locked(customer_number) as (tx, number):
            changed = self._apply(tx, number, rule)
            if instead_of:
                _renamed(tx, number, instead_of, rules.tidy_name(profile))
        return changed

    def remove_profile(self, customer_number: str, name: str) -> Register:
        """The register without the profile. NotFound; Refused while a template gives it."""
        with self._locked(customer_number) as (tx, number):
            changed = self._apply(tx, number, lambda register: rules.without_profile(register, name))
            using = [entry.name for entry in _templates(tx, number) if _gives(entry, name)]
            if using:
                raise Refused(
                    "The template %(template)s gives the profile %(name)s; change the template first.",
                    template=using[0],
                    name=name,
                )
            tx.execute(_DEFAULTS, {"scope": number, "old": name, "new": ""})
        return changed

    def take_csv(self, customer_number: str, raw: bytes) -> Register:
        """The register after a file of codes or of profiles; BadFile, and then nothing is taken."""
        return self._changed(customer_number, lambda register: taken(raw, register))

    def templates(self, customer_number: str) -> tuple[Template, ...]:
        """The customer's templates in their order, filled with what their profiles say today (DIST-14)."""
        with available(), self._db.read() as tx:
            number = customers.known(tx, customer_number)
            return _filled(_templates(tx, number), customers.register(tx, number))

    def put_template(
        self, customer_number: str, template: Template, instead_of: str = ""
    ) -> tuple[Template, ...]:
        """The templates with a new one last, or with this one in place of another. NotFound; Refused."""

        def ordering(now: tuple[Template, ...], register: Register) -> tuple[Template, ...]:
            new = templates.checked(template, register)
            if new.name in {entry.name for entry in now} - {instead_of}:
                raise Refused("There is a template %(name)s already.", name=new.name)
            if not instead_of:
                return (*now, new)
            place = _place(now, instead_of)
            return (*now[:place], new, *now[place + 1 :])

        return self._ordered(customer_number, ordering)

    def move_template(self, customer_number: str, name: str, place: int) -> tuple[Template, ...]:
        """The templates with this one moved to the place, counted from 1. NotFound."""

        def ordering(now: tuple[Template, ...], _register: Register) -> tuple[Template, ...]:
            others = list(now)
            moved = others.pop(_place(now, name))
            others.insert(min(max(place, 1) - 1, len(others)), moved)
            return tuple(others)

        return self._ordered(customer_number, ordering)

    def remove_template(self, customer_number: str, name: str) -> tuple[Template, ...]:
        """The templates without this one. NotFound."""

        def ordering(now: tuple[Template, ...], _register: Register) -> tuple[Template, ...]:
            place = _place(now, name)
            return (*now[:place], *now[place + 1 :])

        return self._ordered(customer_number, ordering)

    def _changed(self, customer_number: str, rule: Rule) -> Register:
        with self._locked(customer_number) as (tx, number):
            return self._apply(tx, number, rule)

    def _apply(self, tx: Connection, number: str, rule: Rule) -> Register:
        now = customers.register(tx, number)
        wanted = rule(now)
        _check_size(rules.CODES, len(wanted.codes), MOST_CODES)
        _check_size(rules.PROFILES, len(wanted.profiles), MOST_PROFILES)
        if wanted.codes != now.codes:
            put(tx, tables.code, list(_code_rows(number, wanted)))
        if wanted.profiles != now.profiles:
            tx.execute(_NO_PROFILES, {"scope": number})
            put(tx, tables.profile, list(_profile_rows(number, wanted)))
        return customers.register(tx, number)

    def _ordered(self, customer_number: str, ordering: Ordering) -> tuple[Template, ...]:
        with self._locked(customer_number) as (tx, number):
            register = customers.register(tx, number)
            wanted = ordering(_templates(tx, number), register)
            _check_size(templates.TEMPLATES, len(wanted), MOST_TEMPLATES)
            _keep(tx, number, wanted)
        return _filled(wanted, register)

    @contextmanager
    def _locked(self, customer_number: str) -> Iterator[tuple[Connection, str]]:
        """A transaction in which nobody else changes this customer's register, and the number of today."""
        with available(), self._db.write() as tx:
            number = customers.known(tx, customer_number)
            tx.execute(_LOCK, {"scope": number})
            yield tx, number


def _code_rows(number: str, wanted: Register) -> Iterator[dict[str, object]]:
    for position, code in enumerate(wanted.codes):
        yield {"customer_number": number, **asdict(code), "position": position}


def _profile_rows(number: str, wanted: Register) -> Iterator[dict[str, object]]:
    for position, profile in enumerate(wanted.profiles):
        yield {
            "customer_number": number,
            "name": profile.name,
            "position": position,
            "codes": to_json(profile.codes),
        }


def _renamed(tx: Connection, number: str, old: str, new: str) -> None:
    """Nothing; users and templates that had the profile under its old name have it under the new one."""
    tx.execute(_DEFAULTS, {"scope": number, "old": old, "new": new})
    kept = _templates(tx, number)
    shares = {entry.name: tuple(_with_profile(share, old, new) for share in entry.shares) for entry in kept}
    _keep(tx, number, [replace(entry, shares=shares[entry.name]) for entry in kept])


def _with_profile(share: Share, old: str, new: str) -> Share:
    return replace(share, profile=new) if share.profile == old else share


def _gives(template: Template, profile: str) -> bool:
    return any(share.profile == profile for share in template.shares)


def _templates(tx: Connection, number: str) -> tuple[Template, ...]:
    return tuple(from_json(row.rule, Template) for row in tx.execute(_TEMPLATES, {"scope": number}))


def _filled(kept: Sequence[Template], register: Register) -> tuple[Template, ...]:
    return tuple(templates.resolved(template, register) for template in kept)


def _keep(tx: Connection, number: str, wanted: Sequence[Template]) -> None:
    tx.execute(_NO_TEMPLATES, {"scope": number})
    rows = [
        {
            "customer_number": number,
            "name": template.name,
            "position": position,
            "rule": to_json(_unfilled(template)),
        }
        for position, template in enumerate(wanted)
    ]
    if rows:
        tx.execute(insert(tables.template), rows)


def _unfilled(template: Template) -> Template:
    shares = (replace(share, of_profile=CopyCodes()) for share in template.shares)
    return replace(template, shares=tuple(shares))


def _place(now: Sequence[Template], name: str) -> int:
    for place, template in enumerate(now):
        if template.name == name:
            return place
    raise NotFound("There is no template %(name)s.", name=name)


def _check_size(what: str, count: int, limit: int) -> None:
    if count > limit:
        raise Refused(
            "%(field)s: there would be %(count)d; at most %(limit)d are possible.",
            field=what,
            count=count,
            limit=limit,
        )
