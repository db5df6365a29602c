"""The system's Chromium, kept to this machine, with cookie settings that a municipality may choose."""

import json
import os

LIMITS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)

NO_THIRD_PARTY_COOKIES = {"profile": {"cookie_controls_mode": 1, "block_third_party_cookies": True}}
NO_COOKIES = {"profile": {"default_content_setting_values": {"cookies": 2}}}


def options(executable):
    """How the browser is started; root has no sandbox to give it."""
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {"executable_path": executable, "args": [*LIMITS, *sandbox]}


def profile(folder, preferences):
    """The folder of a browser profile with these preferences."""
    (folder / "Default").mkdir(parents=True)
    (folder / "Default" / "Preferences").write_text(json.dumps(preferences))
    return folder
