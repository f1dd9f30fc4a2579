"""The inbox page: mails the launcher caught, and the outgoing webhooks of the app."""

import email
import json
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from adapters.sandbox.amounts import iso
from adapters.sandbox.state import Doc
from adapters.sandbox.world import now, world

inbox = Blueprint("inbox", __name__)

_SHOWN = 50
_KEPT_HEADERS = ("webhook-", "content-type", "user-agent")


@inbox.get("/inbox")
def page() -> ResponseReturnValue:
    """Newest first."""
    hooks = list(reversed(world().state.rows("", "received")))[:_SHOWN]
    return render_template("inbox/inbox.html", mails=_mails(), hooks=hooks)


@inbox.get("/inbox/mails.json")
def mails_json() -> ResponseReturnValue:
    """The same mails for tests."""
    return jsonify(_mails())


def _mails() -> list[Doc]:
    folder = world().settings.mail_folder
    if folder is None or not folder.is_dir():
        return []
    files = sorted(folder.glob("*.eml"), key=lambda path: path.stat().st_mtime, reverse=True)
    return [_mail(path) for path in files[:_SHOWN]]


def _mail(path: Path) -> Doc:
    message = email.message_from_bytes(path.read_bytes(), policy=default)
    return {
        "file": path.name,
        "from": str(message["From"]),
        "to": str(message["To"]),
        "subject": str(message["Subject"]),
        "date": str(message["Date"]),
        "text": _text(message),
        "attachments": [part.get_filename() for part in message.iter_attachments()],
    }


def _text(message: EmailMessage) -> str:
    part = message.get_body(("plain", "html"))
    return "" if part is None else str(part.get_content())


@inbox.post("/inbox/webhooks")
def receive() -> ResponseReturnValue:
    """Record one outgoing webhook of the app; `?answer=` makes us answer with that status."""
    state = world().state
    answer = int(request.args.get("answer", "204"))
    with state.unit():
        received_id = state.next_id("", "received")
        row: Doc = {
            "id": received_id,
            "at": iso(now()),
            "headers": {key: value for key, value in request.headers.items() if key.lower().startswith(_KEPT_HEADERS)},
            "body": request.get_data(as_text=True),
            "answered": answer,
        }
        row["pretty"] = _pretty(row["body"])
        state.put("", "received", received_id, row)
    return "", answer


def _pretty(text: str) -> str:
    try:
        return json.dumps(json.loads(text), indent=2)
    except ValueError:
        return text


@inbox.get("/inbox/webhooks")
def received() -> ResponseReturnValue:
    """Everything received, oldest first."""
    return jsonify(world().state.rows("", "received"))


@inbox.delete("/inbox/webhooks")
def forget() -> ResponseReturnValue:
    """Empty the list."""
    for row in world().state.rows("", "received"):
        world().state.remove("", "received", row["id"])
    return "", 204
