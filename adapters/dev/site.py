"""Where the database server lives: its folder, its programs and the account it runs as.

PostgreSQL refuses to run as root. Started by root it runs as `nobody`, or as whoever owns the data already.
Where that account may not pass through the folders above the checkout, the data lies in a system folder
instead, and the programs are copied beside it. The mode of a folder we did not make is never changed.
"""

import hashlib
import os
import pwd
import shutil
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from adapters.dev.child import Account
from adapters.dev.processes import StartFailed

_SYSTEM_FOLDERS = (Path("/var/lib"), Path("/var/tmp"))  # noqa: S108 - made by us, owned by root, see _usable


@dataclass(frozen=True)
class Site:
    """The cluster's folder, the programs' folder and the account; no account means our own."""

    cluster: Path
    programs: Path
    account: Account | None


def choose_site(data_dir: Path, programs: Path) -> Site:
    """The place for the server of this data folder; makes folders and copies programs where it has to."""
    cluster = data_dir / "postgres"
    if os.geteuid() != 0:
        _must_be_ours(cluster)
        return Site(cluster, programs, None)
    elsewhere = _elsewhere(data_dir)
    kept = next((folder for folder in (*elsewhere, cluster) if folder.exists()), None)
    account = _owner(kept) if kept is not None else _nobody()
    if kept in elsewhere or not may_enter(data_dir, account):
        folder = _system_folder(elsewhere, account)
        (folder / "belongs-to").write_text(f"{data_dir}\n")
        sys.stderr.write(f"PostgreSQL may not enter {data_dir}, so the database lies in {folder} and stays there.\n")
    else:
        folder = data_dir
    if not may_enter(programs / "postgres", account):
        programs = _copy_programs(programs, folder, account)
    return Site(folder / "postgres", programs, account)


def forget_site(data_dir: Path) -> None:
    """Delete what choose_site put outside the data folder."""
    if os.geteuid() != 0:
        return
    for cluster in _elsewhere(data_dir):
        if cluster.parent.exists() and cluster.parent.stat().st_uid == 0:
            shutil.rmtree(cluster.parent)
            with suppress(OSError):  # other checkouts have theirs in it
                cluster.parent.parent.rmdir()


def may_enter(path: Path, account: Account) -> bool:
    """Whether the account may pass to the folder, or run the file; asked of the system, not guessed from modes."""
    asked = subprocess.run(
        ["test", "-x", path], user=account.uid, group=account.gid, extra_groups=[], cwd="/", check=False
    )
    return asked.returncode == 0


def _elsewhere(data_dir: Path) -> list[Path]:
    digest = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]
    return [folder / "invoice-portal" / digest / "postgres" for folder in _SYSTEM_FOLDERS]


def _system_folder(clusters: list[Path], account: Account) -> Path:
    for cluster in sorted(clusters, key=lambda cluster: not cluster.exists()):
        if _usable(cluster.parent.parent, account) and _usable(cluster.parent, account):
            return cluster.parent
    raise StartFailed(
        "The database server must not run as root, and the user it would run as may neither enter the "
        "checkout nor a system folder. Run as an ordinary user, or move the checkout to a folder that others may enter."
    )


def _usable(folder: Path, account: Account) -> bool:
    """Make the folder unless it is there; one that another user planted in a shared folder is not used."""
    with suppress(OSError):
        with suppress(FileExistsError):
            folder.mkdir(0o700)
            folder.chmod(0o711)
        found = folder.lstat()
        return found.st_uid == 0 and not found.st_mode & 0o022 and may_enter(folder, account)
    return False


def _copy_programs(programs: Path, folder: Path, account: Account) -> Path:
    """Copy a server whose bin, lib and share lie beside each other; a copy of another release is replaced."""
    source, target = programs.parent, folder / "server"
    # The wheel keeps libraries beside its package, and the programs look for them from where they lie.
    copied = target / source.parent.name / source.name
    libraries = f"{source.parent.name}.libs"
    release = f"{source}\n{(programs / 'postgres').stat().st_mtime_ns}\n"
    note = target / "copied-from"
    if note.exists() and note.read_text() == release:
        return copied / "bin"
    if not (source / "share").is_dir():
        raise StartFailed(
            f"User {account.uid} may not enter {programs}, where PG_BIN says PostgreSQL is. Choose another."
        )
    shutil.rmtree(target, ignore_errors=True)
    for part in ("bin", "lib", "share"):
        shutil.copytree(source / part, copied / part, symlinks=True, ignore=shutil.ignore_patterns("*.a"))
    if (source.parents[1] / libraries).is_dir():
        shutil.copytree(source.parents[1] / libraries, target / libraries)
    for copy in (target, *target.rglob("*")):  # the original may have been installed for its owner's eyes only
        if not copy.is_symlink():
            copy.chmod(0o755 if copy.is_dir() or copy.stat().st_mode & 0o100 else 0o644)
    note.write_text(release)
    return copied / "bin"


def _nobody() -> Account:
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        return Account(65534, 65534)
    return Account(entry.pw_uid, entry.pw_gid)


def _owner(cluster: Path) -> Account:
    found = cluster.stat()
    return Account(found.st_uid, found.st_gid)


def _must_be_ours(cluster: Path) -> None:
    if cluster.exists() and cluster.stat().st_uid != os.geteuid():
        raise StartFailed(
            f"The data in {cluster.parent} was made by another user (by root, perhaps). "
            "Run as that user, or start over with `make reset` as that user."
        )
