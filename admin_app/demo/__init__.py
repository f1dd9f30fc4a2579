"""The whole product on one machine: to look at (`run`), or to prove by driving its story (`check`)."""

import json
import sys
from pathlib import Path

from requests import RequestException

from adapters.dev.launcher import remove_data, temporary_data_dir
from adapters.dev.processes import StartFailed
from adapters.dev.signals import stop_on_signals
from admin_app.demo.story import tell
from admin_app.demo.trade import open_shops
from admin_app.demo.visitors import StoryBroken
from admin_app.local import Local, everything

_STAFF = ((1, "owner, IP-Admin"), (2, "Sam, IP-Sales"), (3, "Fiona, IP-Finance"), (4, "Vera, Viewer"))


def run(data_dir: Path) -> int:
    """Until Ctrl-C. The next run continues with the same data."""
    try:
        with stop_on_signals(), everything(data_dir) as local:
            print(_addresses(local), flush=True)
            try:
                open_shops(local, lambda words: print(words, flush=True))
            except (StoryBroken, RequestException) as problem:
                print(f"The shops could not be opened for trade: {problem}", file=sys.stderr)
            ended = local.services.supervisor.wait()
            if ended:
                print(ended, file=sys.stderr)
    except StartFailed as problem:
        print(f"Could not start: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        pass
    print("Stopped. Your data is kept; `make reset` starts over.")
    return 0


def reset(data_dir: Path) -> int:
    """Forgets everything of earlier runs."""
    try:
        remove_data(data_dir)
    except StartFailed as problem:
        print(f"Could not reset: {problem}", file=sys.stderr)
        return 1
    print("All local data is gone. `make run` starts afresh.")
    return 0


def check() -> int:
    """Starts the same on free ports in a temporary folder, drives the story over HTTP, stops everything.

    Stdout is one line of JSON; everything else goes to stderr.
    """
    try:
        with stop_on_signals(), temporary_data_dir() as folder, everything(folder, sweep_seconds=2.0) as local:
            steps = tell(local, lambda words: print(words, file=sys.stderr, flush=True))
    except StartFailed as problem:
        print(f"Could not start: {problem}", file=sys.stderr)
        steps = [{"name": "everything starts", "ok": False, "seconds": 0.0, "saw": str(problem)}]
    ok = bool(steps) and all(step["ok"] for step in steps)
    print(json.dumps({"ok": ok, "steps": steps}), flush=True)
    return 0 if ok else 1


def _addresses(local: Local) -> str:
    rows = [
        "",
        "Invoice Portal is running.",
        "",
        "  Control panel (the app in its frame)",
        *(f"    {words:20} {local.control_panel('sbxnorth', user_id)}" for user_id, words in _STAFF),
        f"    {'second store':20} {local.control_panel('sbxsouth', 1)}",
        "",
        "  Storefronts (choose a buyer to sign in as)",
        *(f"    {store:20} {url}" for store, url in local.storefront_urls.items()),
        "",
        f"  All doors              {local.sandbox_url}/",
        f"  Mail and webhook inbox {local.sandbox_url}/inbox",
        f"  Logs                   {local.services.data_dir / 'log'}",
        "",
        "Ctrl-C stops everything and keeps the data; `make reset` starts over.",
    ]
    return "\n".join(rows)
