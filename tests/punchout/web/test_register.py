"""Fordelingsinformasjon, by both ways in: codes, profiles, files, and what the agreement allows (DIST-12)."""

import io

import pytest

from protocols.model.distribution import Code, CopyCodes, Profile
from protocols.model.template import Share, Template
from session_store import tables
from tests.punchout.web.colleague import LIBRARY, SCHOOL, SCHOOLS_USER, USER, Colleague
from tests.punchout.web.houses import agree
from tests.punchout.web.shopper import FROM_OUR_PAGE, Shopper, text_of

PAGE = "fordelingsinformasjon"
MANGA = Code(field="shelf_location", value="MANGA", label="Manga")


def _ways():
    for way in ("direct", "punchout"):
        marks = [pytest.mark.rule(rule, way=way) for rule in ("DIST-3", "DIST-12")]
        yield pytest.param(way, marks=marks)


@pytest.fixture(params=_ways())
def keeper(request, home, client):
    """Somebody who may change the whole register: on Min side, or by an agreement that says so."""
    if request.param == "direct":
        return Colleague.enter(home, client, USER)
    agree(home, policy={"register": "edit"})
    return Shopper.enter(home, client)


def kept(home, number=LIBRARY):
    """The register as it stands."""
    return home.world.registers.register(number)


def upload(person, raw, name="koder.csv"):
    """What answers to a file."""
    form = person.page(PAGE).forms_to("/fil")[0]
    data = dict(form.untouched()) | {"file": (io.BytesIO(raw), name)}
    return person.client.post(form.action, data=data, headers=FROM_OUR_PAGE)


def test_a_code_is_added(keeper, home):
    """It stands in the register, and is offered in the cart at once."""
    form = keeper.page(PAGE).form("field", "value", "label")
    answer = keeper.submit(form, {"field": "shelf_location", "value": " MANGA ", "label": "Manga"})
    page = keeper.read(answer)
    assert "Koden er lagt til" in page.text
    assert "MANGA" in page.text
    assert kept(home).offered("shelf_location")[-1] == MANGA


def changes(home):
    """Actor and summary of what the journal has of registers, the first first."""
    with home.store.read() as tx:
        tx.execution_options(across="migration")
        rows = tx.execute(tables.journal.select().order_by(tables.journal.c.id))
        return [row for row in rows if row.kind == "register.changed"]


def test_every_change_of_the_register_is_written_down(keeper, home):
    """Who and what, a session's on its own timeline; what was refused or changed nothing is not."""
    form = keeper.page(PAGE).form("field", "value", "label")
    for _ in range(2):
        keeper.submit(form, {"field": "shelf_location", "value": " MANGA ", "label": "Manga"})
    path = f"{keeper.front}{PAGE}/kode?field=shelf_location&value=MANGA"
    page = keeper.read(keeper.client.get(path))
    for _ in range(2):
        keeper.submit(page.form("label"), {"label": "Tegneserier"})
    retire = next(form for form in page.forms if ("retire", "1") in form.buttons)
    keeper.submit(retire, button=("retire", "1"))
    page = keeper.read(keeper.client.get(path))
    restore = next(form for form in page.forms if ("restore", "1") in form.buttons)
    keeper.submit(restore, button=("restore", "1"))
    keeper.submit(
        keeper.page(f"{PAGE}/profil").form("name", "branch_code"), {"name": "Ung", "branch_code": "HBB"}
    )
    keeper.submit(keeper.page(f"{PAGE}/profil?name=Ung").forms_to("/profil/fjern")[0])
    upload(keeper, b"field;value;label\nshelf_location;NOVELLER;Noveller\n")
    found = changes(home)
    assert [row.summary for row in found] == [
        f"{what} at customer {LIBRARY}"
        for what in (
            "shelf_location MANGA was added",
            "shelf_location MANGA was described anew",
            "shelf_location MANGA was retired",
            "shelf_location MANGA was restored",
            "profile Ung was added",
            "profile Ung was removed",
            "a file was taken in",
        )
    ]
    actors = {(row.actor, bool(row.agreement_id), bool(row.reference)) for row in found}
    assert actors in ({(USER, False, False)}, {("shopper", True, True)})


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("HBB", "er i registeret fra før"),
        ("x" * 36, "36 tegn"),
        ("", "Verdien mangler"),
        ("a\tb", "én linje"),
    ],
)
def test_a_code_that_cannot_be_is_told_and_kept_in_the_field(keeper, home, value, says):
    """The page comes back with what was typed, and why not."""
    before = kept(home)
    form = keeper.page(PAGE).form("field", "value", "label")
    answer = keeper.submit(form, {"field": "branch_code", "value": value, "label": "Ny filial"})
    assert answer.status_code == 422
    assert says in text_of(answer)
    assert keeper.read(answer, 422).form("value").untouched()[-1] == ("label", "Ny filial")
    assert kept(home) == before


def test_a_code_is_described_anew_taken_out_of_use_and_back(keeper, home):
    """The code itself stays; retired ones are shown as such."""
    (path,) = [link for link in keeper.page(PAGE).links_to("/kode?") if "LIL" in link]
    page = keeper.read(keeper.client.get(path))
    keeper.submit(page.form("label"), {"label": "Lillevik"})
    assert kept(home).offered("branch_code")[-1].label == "Lillevik"
    for button, offered in (("retire", False), ("restore", True)):
        page = keeper.read(keeper.client.get(path))
        form = next(form for form in page.forms if (button, "1") in form.buttons)
        shown = keeper.read(keeper.submit(form, button=(button, "1"))).text
        assert ("ute av bruk" in shown) is not offered
        assert ("LIL" in {code.value for code in kept(home).offered("branch_code")}) is offered


def test_a_profile_is_made_changed_and_removed(keeper, home):
    """Of registered codes, under a name of its own."""
    form = keeper.page(f"{PAGE}/profil").form("name", "branch_code")
    keeper.submit(form, {"name": "Manga", "branch_code": "HBB"})
    assert kept(home).profiles[-1] == Profile(name="Manga", codes=CopyCodes(branch_code="HBB"))
    page = keeper.page(f"{PAGE}/profil?name=Manga")
    keeper.submit(page.form("name", "branch_code"), {"name": "Manga ung", "collection_code": "UNG"})
    assert kept(home).profiles[-1].codes == CopyCodes(branch_code="HBB", collection_code="UNG")
    page = keeper.page(f"{PAGE}/profil?name=Manga ung")
    (remove,) = page.forms_to("/profil/fjern")
    assert "Profilen er fjernet" in keeper.read(keeper.submit(remove)).text
    assert "Manga ung" not in {profile.name for profile in kept(home).profiles}


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"name": "", "branch_code": "HBB"}, "Profilen må ha et navn"),
        ({"name": "Tom"}, "må ha minst én kode"),
        ({"name": "Barn bildebok", "branch_code": "HBB"}, "Det finnes allerede en profil"),
        ({"name": "Lang", "note": "x" * 256}, "Merknad: 256 tegn"),
    ],
)
def test_a_profile_that_cannot_be_is_told(keeper, home, values, says):
    """What was chosen stays chosen."""
    before = kept(home)
    answer = keeper.submit(keeper.page(f"{PAGE}/profil").form("name", "branch_code"), values)
    assert answer.status_code == 422
    assert says in text_of(answer)
    assert kept(home) == before


def test_the_register_leaves_and_comes_back_as_a_file(keeper, home):
    """Both files, named after the customer, change nothing when they come back; a new line adds a code."""
    before = kept(home)
    for name in ("koder", "profiler"):
        answer = keeper.get(f"{PAGE}/{name}.csv")
        assert answer.mimetype == "text/csv"
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}-{LIBRARY}.csv"'
        assert "Filen er lest inn" in keeper.read(upload(keeper, answer.data)).text
        assert kept(home) == before
    upload(keeper, b"field;value;label\nshelf_location;MANGA;Manga\n")
    assert MANGA in kept(home).codes


def test_a_file_that_is_wrong_is_told_line_by_line(keeper, home):
    """Line and byte of a wrong character set, every line that is no code, twenty of them at most."""
    before = kept(home)
    latin = "field;value;label\nbranch_code;BLÅ;Blåfjell\n".encode("latin-1")
    for raw, says in (
        (b"", "Velg en fil først"),
        (latin, "Linje 2: Byte 15 (0xC5) er ikke UTF-8"),
        (b"field;value\nfarge;BLA\nbranch_code;\n", "Linje 3: Filial: Verdien mangler"),
        (b"field;value\n" + b"farge;BLA\n" * 25, "og 5 linjer til"),
    ):
        answer = upload(keeper, raw)
        assert answer.status_code == 422
        assert says in text_of(answer)
    assert kept(home) == before


@pytest.mark.rule("DIST-12", way="punchout")
def test_by_default_a_session_names_profiles_and_changes_no_code(shopper, home):
    """The policy ``profiles``: of existing codes; what is not offered is refused by its address too."""
    page = shopper.page(PAGE)
    assert page.form("value") is None
    assert page.forms_to("/fil") == []
    form = shopper.page(f"{PAGE}/profil").form("name", "branch_code")
    shopper.submit(form, {"name": "Manga", "branch_code": "HBB"})
    assert kept(home).profiles[-1].name == "Manga"
    token = dict(form.untouched())["csrf_token"]
    for path in ("koder", "kode", "fil"):
        data = {"csrf_token": token, "field": "branch_code", "value": "NY"}
        answer = shopper.client.post(f"{shopper.front}{PAGE}/{path}", data=data, headers=FROM_OUR_PAGE)
        assert answer.status_code == 403
        assert "lar deg ikke endre koder her" in text_of(answer)
    assert shopper.get(f"{PAGE}/kode?field=branch_code&value=HBB").status_code == 403
    assert "NY" not in {code.value for code in kept(home).codes}


@pytest.mark.rule("DIST-12", way="punchout")
def test_read_means_read(home, client):
    """The policy ``read``: everything is shown, nothing is offered to be changed."""
    agree(home, policy={"register": "read"})
    shopper = Shopper.enter(home, client)
    page = shopper.page(PAGE)
    assert "Barn bildebok" in page.text
    assert [form for form in page.forms if form.method == "post" and PAGE in form.action] == []
    assert shopper.get(f"{PAGE}/profil").status_code == 403
    assert shopper.get(f"{PAGE}/mal").status_code == 403
    assert shopper.get(f"{PAGE}/koder.csv").status_code == 200


@pytest.mark.rule("DIST-12", way="punchout")
@pytest.mark.rule("DIST-2", way="punchout")
@pytest.mark.parametrize("access", ["read", "profiles", "edit"])
def test_an_empty_register_is_no_dead_end(home, client, access):
    """With ``required`` the page says what to do now, and offers what the policy allows."""
    agree(
        home, default_customer=SCHOOL, org_codes={}, policy={"distribution": "required", "register": access}
    )
    shopper = Shopper.enter(home, client, ship_to=None)
    page = shopper.page(PAGE)
    assert "Registeret har ingen koder ennå" in page.text
    assert "holder det med en hyllesignatur eller en merknad" in page.text
    assert page.links_to("/cart")
    assert (page.form("value") is not None) is (access == "edit")
    assert ("kundeservice@bokhandel.example" in page.text) is (access != "edit")
    shopper.add("9799900000272")
    form = shopper.page(f"cart/lines/{shopper.line_id()}/copies").form("note")
    shopper.submit(form, {"copies-0-note": "Barneavdelingen"})
    assert "må ha fordelingskoder" not in shopper.page("cart").text


@pytest.mark.rule("DIST-2", way="direct")
@pytest.mark.rule("DIST-1")
def test_a_library_begins_its_register_on_min_side(home, client):
    """The page says that nothing comes from the old shop, and takes the first code."""
    person = Colleague.enter(home, client, SCHOOLS_USER)
    page = person.page(PAGE)
    assert "Ingenting er overført fra den gamle nettbutikken" in page.text
    person.submit(page.form("field", "value"), {"field": "branch_code", "value": "SKO"})
    assert [code.value for code in kept(home, SCHOOL).codes] == ["SKO"]
    assert "SKO" not in {code.value for code in kept(home).codes}


@pytest.mark.rule("DIST-7", way="punchout")
def test_without_distribution_no_way_leads_to_the_register(home, client):
    """The policy ``off``: the session does not speak of it."""
    agree(home, policy={"distribution": "off"})
    assert Shopper.enter(home, client).page("").links_to(PAGE) == []


@pytest.mark.rule("FLOW-4")
def test_a_session_that_has_gone_back_changes_no_register(home, client):
    """It is closed for writing; what there is can still be read."""
    agree(home, policy={"register": "edit"})
    shopper = Shopper.enter(home, client)
    (leave,) = shopper.page("leave").forms_to("/leave")
    shopper.submit(leave)
    assert shopper.page(PAGE).form("value") is None
    assert shopper.get(f"{PAGE}/profil").status_code == 409


@pytest.mark.rule("DIST-6", way="direct")
@pytest.mark.rule("DIST-6", way="punchout")
def test_the_cart_says_that_a_code_is_gone(keeper, shopper, home):
    """Retired while it stood in a cart: the line is flagged until another is chosen."""
    shopper.add("9799900000272")
    form = shopper.page(f"cart/lines/{shopper.line_id()}/copies").form("note")
    shopper.submit(form, {"copies-0-branch_code": "LIL"})
    home.world.registers.retire_code(LIBRARY, "branch_code", "LIL")
    assert "en kode som ikke lenger er i registeret" in shopper.page("cart").text


def test_nobody_else_sees_the_register(keeper, home):
    """Another customer's codes are another customer's."""
    home.world.registers.add_code(SCHOOL, Code(field="branch_code", value="SKOLEN"))
    assert "SKOLEN" not in keeper.page(PAGE).text
    assert b"SKOLEN" not in keeper.get(f"{PAGE}/koder.csv").data


@pytest.mark.rule("DIST-14", way="direct")
@pytest.mark.rule("DIST-14", way="punchout")
def test_templates_are_made_ordered_changed_and_removed(keeper, home):
    """The rule of the book, in a form; the list says in words what it asks and gives."""
    form = keeper.page(f"{PAGE}/mal").form("name", "shares-0-copies")
    asked = {
        "name": "Bildebøker",
        "language": "nob",
        "thema": "YBC",
        "price_below": "300",
        "shares-0-copies": "2",
        "shares-0-branch_code": "HBB",
        "shares-1-copies": "1",
        "shares-1-profile": "Bjørnsletta barn",
    }
    page = keeper.read(keeper.submit(form, asked))
    assert "Malen er lagret" in page.text
    assert "2 × HBB" in page.text
    assert "Pris under 300" in page.text
    form = keeper.page(f"{PAGE}/mal").form("name", "shares-0-copies")
    keeper.submit(form, {"name": "Alt annet", "shares-0-copies": "1"})
    (up,) = keeper.page(f"{PAGE}/maler").forms_to("/mal/flytt")
    keeper.submit(up)
    assert [one.name for one in home.world.registers.templates(LIBRARY)] == ["Alt annet", "Bildebøker"]
    form = keeper.page(f"{PAGE}/mal?name=Bildebøker").form("name", "shares-0-copies")
    assert dict(form.untouched()).items() >= asked.items()
    keeper.submit(form, {"name": "Pekebøker", "shares-0-copies": "3"})
    changed = home.world.registers.templates(LIBRARY)[1]
    assert (changed.name, [share.copies for share in changed.shares]) == ("Pekebøker", [3, 1])
    remove = keeper.page(f"{PAGE}/maler").forms_to("/mal/fjern")
    keeper.submit(remove[0])
    assert [one.name for one in home.world.registers.templates(LIBRARY)] == ["Pekebøker"]
    home.world.registers.retire_code(LIBRARY, "branch_code", "HBB")
    assert "Denne malen gir en kode som er tatt ut av bruk" in keeper.page(f"{PAGE}/maler").text
    assert [row.summary.removesuffix(f" at customer {LIBRARY}") for row in changes(home)] == [
        "template Bildebøker was added",
        "template Alt annet was added",
        "template Alt annet was moved to place 1",
        "template Pekebøker was put in place of Bildebøker",
        "template Alt annet was removed",
    ]


@pytest.mark.rule("DIST-14", way="direct")
@pytest.mark.rule("DIST-14", way="punchout")
@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"name": "", "shares-0-copies": "1"}, "Malen må ha et navn"),
        ({"name": "Tom"}, "ikke 0"),
        ({"name": "Tom", "shares-0-branch_code": "HBB"}, "Skriv hvor mange eksemplarer"),
        ({"name": "Tom", "shares-0-copies": "mange"}, "Skriv hvor mange eksemplarer"),
        ({"name": "Dyr", "price_above": "mye", "shares-0-copies": "1"}, "Pris over: mye er ikke noe beløp"),
    ],
)
def test_a_template_that_cannot_be_is_told(keeper, home, values, says):
    """Where it is wrong, with everything else kept in the form."""
    answer = keeper.submit(keeper.page(f"{PAGE}/mal").form("name", "shares-0-copies"), values)
    assert answer.status_code == 422
    assert says in text_of(answer)
    assert home.world.registers.templates(LIBRARY) == ()


@pytest.mark.parametrize("place", ["0", "-3", "99", "9" * 30])
def test_a_template_moves_to_no_place_that_is_not_there(home, keeper, place):
    """It stands first or last then."""
    for name in ("A", "B"):
        share = Share(copies=1, codes=CopyCodes(branch_code="HBB"))
        home.world.registers.put_template(LIBRARY, Template(name=name, shares=(share,)))
    form = keeper.page("fordelingsinformasjon/maler").forms_to("/flytt")[0]
    token = {"csrf_token": dict(form.untouched())["csrf_token"]}
    data = token | {"name": "A", "place": place}
    assert keeper.client.post(form.action, data=data, headers=FROM_OUR_PAGE).status_code == 303
    names = [template.name for template in home.world.registers.templates(LIBRARY)]
    assert names == (["A", "B"] if int(place) < 2 else ["B", "A"])


def test_a_file_that_is_none_is_told(keeper):
    """A field of that name with text in it is no file."""
    form = keeper.page("fordelingsinformasjon").forms_to("/fil")[0]
    data = {"csrf_token": dict(form.untouched())["csrf_token"], "file": "abc"}
    answer = keeper.client.post(form.action, data=data, headers=FROM_OUR_PAGE)
    assert answer.status_code == 422
