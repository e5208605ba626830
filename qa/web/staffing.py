"""Who may sit at the staff's desk: names with hashed passwords, attempts to enter, sessions.

    FOLDER/users.json   {"name": "scrypt$n$r$p$salt$hash"}, readable by its owner alone; read anew for every request
    FOLDER/LOCK         held while it is written

Sessions live in the memory of the server: whoever is removed, or gets another password, is out at once, and so are all
when it restarts.
"""

import base64
import fcntl
import hashlib
import hmac
import json
import os
import re
import secrets
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from qa import prompts
from qa.errors import StaffError

COST = (2**15, 8, 3)
"""n, r and p of scrypt for new passwords: 32 MiB and some 0.4 s on one core, as OWASP advises."""
_MEMORY = 256 * 1024 * 1024  # bytes that a hash may take at most
SHORTEST, LONGEST = 12, 200  # characters of a password
WHOLE, IDLE = 8 * 3600, 30 * 60  # seconds that a session lasts, and that it lasts without a request
TRIES_OF_NAME, TRIES_OF_CLIENT = parse("5 per 15 minute"), parse("30 per 15 minute")

_NAME = re.compile(r"(?!-)[A-Za-z0-9_\-\u3400-\u9fff\U00020000-\U0003ffff]{1,40}")


class Users:
    """The names and hashed passwords in a folder. Processes may change them at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._path = folder / "users.json"

    def all(self) -> dict[str, str]:
        """Give the hash of each name, in the order in which they were added.

        Raises:
            StaffError: the file cannot be read.
        """
        try:
            users: object = json.loads(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise self._unusable(error) from error
        if not isinstance(users, dict) or not all(isinstance(kept, str) for kept in users.values()):
            raise self._unusable("JSON")
        return cast("dict[str, str]", users)

    def put(self, name: str, password: str) -> bool:
        """Let somebody in by a password, or change it; says whether the name is new.

        Raises:
            StaffError: no such name or password may be, or the file cannot be used.
        """
        if not _NAME.fullmatch(name):
            raise StaffError(prompts.STAFF_NAME)
        if not SHORTEST <= len(password) <= LONGEST:
            raise StaffError(prompts.STAFF_PASSWORD.format(least=SHORTEST, most=LONGEST, length=len(password)))
        with self._changing() as users:
            new = name not in users
            users[name] = hashed(password)
        return new

    def remove(self, name: str) -> None:
        """Let somebody in no more.

        Raises:
            StaffError: there is nobody of that name, or the file cannot be used.
        """
        with self._changing() as users:
            if users.pop(name, None) is None:
                raise StaffError(prompts.STAFF_UNKNOWN.format(name=name))

    @contextmanager
    def _changing(self) -> Generator[dict[str, str]]:
        """Hand out the users to be changed, and write them whole or not at all."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with (self.folder / "LOCK").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                users = self.all()
                yield users
                new = self._path.with_name(f"users.new-{secrets.token_hex(8)}")
                with os.fdopen(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as out:
                    json.dump(users, out, ensure_ascii=False, indent=1)
                    out.flush()
                    os.fsync(out.fileno())
                new.replace(self._path)
        except OSError as error:
            raise self._unusable(error) from error

    def _unusable(self, why: object) -> StaffError:
        return StaffError(prompts.STAFF_FILE.format(why=why, path=self._path))


def hashed(password: str) -> str:
    """Hash a password for keeping, with a salt of its own; how it was made stands with it."""
    salt = secrets.token_bytes(16)
    made = (salt, _scrypt(password, salt, *COST))
    return "$".join(("scrypt", *map(str, COST), *(base64.b64encode(part).decode() for part in made)))


def is_password(password: str, kept: str) -> bool:
    """Say whether a password is the one that was hashed."""
    _, n, r, p, salt, expected = kept.split("$")
    made = _scrypt(password[: LONGEST + 1], base64.b64decode(salt), int(n), int(r), int(p))
    return hmac.compare_digest(made, base64.b64decode(expected))


def _scrypt(password: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    raw = password.encode("utf-8", "surrogatepass")
    return hashlib.scrypt(raw, salt=salt, n=n, r=r, p=p, maxmem=_MEMORY, dklen=32)


@dataclass(frozen=True)
class Session:
    """Somebody who was let in. `csrf` stands in every form of theirs; `proof` is the hash that let them in."""

    name: str
    proof: str
    begun: float
    seen: float
    csrf: str = field(default_factory=lambda: secrets.token_urlsafe(32))


class Entrance:
    """Lets staff in, a few tries at a time, and knows them again by the secret that they were given."""

    def __init__(self, users: Users, clock: Callable[[], float] = time.monotonic) -> None:
        self._users = users
        self._clock = clock
        self._tries = MovingWindowRateLimiter(MemoryStorage())
        self._sessions: dict[str, Session] = {}
        self._lock = threading.Lock()
        self._nobody = hashed(secrets.token_urlsafe())

    def enter(self, name: str, password: str, client: str) -> str:
        """Let somebody in; gives the secret of the session.

        An unknown name takes as long as a wrong password, and is told the same.

        Raises:
            StaffError: name or password are wrong, or this name or client has tried too often.
        """
        for limit, who in ((TRIES_OF_CLIENT, ("client", client)), (TRIES_OF_NAME, ("name", name))):
            if not self._tries.hit(limit, *who):
                wait = self._tries.get_window_stats(limit, *who).reset_time - time.time()
                raise StaffError(prompts.STAFF_LOCKED.format(minutes=int(max(wait, 0) // 60) + 1), retry=True)
        kept = self._users.all().get(name)
        if not is_password(password, kept or self._nobody) or kept is None:
            raise StaffError(prompts.STAFF_WRONG)
        self._tries.clear(TRIES_OF_NAME, "name", name)
        now, secret = self._clock(), secrets.token_urlsafe(32)
        with self._lock:
            self._sessions = {key: one for key, one in self._sessions.items() if self._lasts(one, now)}
            self._sessions[secret] = Session(name, kept, now, now)
        return secret

    def find(self, secret: str) -> Session | None:
        """Give the session of a secret; None where there is none or it is over."""
        users, now = self._users.all(), self._clock()
        with self._lock:
            session = self._sessions.get(secret)
            if session is None:
                return None
            if not self._lasts(session, now) or users.get(session.name) != session.proof:
                del self._sessions[secret]
                return None
            self._sessions[secret] = replace(session, seen=now)
        return session

    def leave(self, secret: str) -> None:
        """End a session."""
        with self._lock:
            self._sessions.pop(secret, None)

    @staticmethod
    def _lasts(session: Session, now: float) -> bool:
        return now - session.begun < WHOLE and now - session.seen < IDLE
