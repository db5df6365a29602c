"""Every route of the application with an address that leads to it, from the route table itself."""

SAFE = {"GET", "HEAD", "OPTIONS"}


def addresses(app, method, *, handle="0" * 43):
    """Endpoint → address, for each route that takes the method."""
    adapter = app.url_map.bind("127.0.0.1")
    found = {}
    for rule in app.url_map.iter_rules():
        if method in rule.methods:
            values = dict.fromkeys(rule.arguments, "x") | {"filename": "shop.css", "handle": handle}
            found[rule.endpoint] = adapter.build(
                rule.endpoint, {key: values[key] for key in rule.arguments}, method=method
            )
    return found


def unsafe(app, **options):
    """Method, endpoint and address of every route that can change something."""
    methods = {method for rule in app.url_map.iter_rules() for method in rule.methods} - SAFE
    return [
        (method, endpoint, address)
        for method in sorted(methods)
        for endpoint, address in addresses(app, method, **options).items()
    ]
