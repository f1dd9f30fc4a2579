"""Runs the story step by step and notes what was seen through a second door. A broken step does not stop the others
that need nothing of it; what needed it breaks too and says so."""

import time
from collections.abc import Callable

import psycopg
import requests

from admin_app.demo import books, erp, offline, online, orders, shop
from admin_app.demo.scene import Scene, Step, new_scene
from admin_app.demo.visitors import StoryBroken
from admin_app.local import Local


def tell(local: Local, say: Callable[[str], None]) -> list[dict[str, object]]:
    """All chapters. Each step: `name`, `ok`, `seconds`, `saw`."""
    scene = new_scene(local)
    steps = [*shop.STEPS, *orders.STEPS, *erp.STEPS, *online.STEPS, *offline.STEPS, *books.STEPS]
    return [_run(scene, name, step, say) for name, step in steps]


def _run(scene: Scene, name: str, step: Step, say: Callable[[str], None]) -> dict[str, object]:
    begun = time.monotonic()
    try:
        ok, saw = True, step(scene)
    except KeyError as missing:
        ok, saw = False, f"an earlier step did not leave {missing}"
    except (StoryBroken, requests.RequestException, psycopg.Error, ValueError, IndexError) as problem:
        ok, saw = False, f"{type(problem).__name__}: {problem}"
    seconds = round(time.monotonic() - begun, 2)
    say(f"{'ok    ' if ok else 'BROKEN'} {seconds:6.2f} s  {name}: {saw}")
    return {"name": name, "ok": ok, "seconds": seconds, "saw": saw}
