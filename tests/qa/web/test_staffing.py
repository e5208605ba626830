import json
import stat
from pathlib import Path
from typing import Any

import pytest

from qa import prompts
from qa.__main__ import main
from qa.errors import StaffError
from qa.web import staffing
from qa.web.staffing import IDLE, WHOLE, Entrance, Users, hashed, is_password

PASSWORD = "山高水长-2021-海阔天空"
CLIENT = "192.0.2.1"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes that take milliseconds; what is tested here is not their price."""
    monkeypatch.setattr(staffing, "COST", (2**4, 1, 1))


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def users(tmp_path: Path) -> Users:
    users = Users(tmp_path / "staff")
    users.put("王芳", PASSWORD)
    return users


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def entrance(users: Users, clock: Clock) -> Entrance:
    return Entrance(users, clock)


def refused(entrance: Entrance, name: str, password: str, client: str = CLIENT) -> StaffError:
    with pytest.raises(StaffError) as caught:
        entrance.enter(name, password, client)
    return caught.value


def test_new_passwords_cost_what_owasp_advises(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert staffing.COST == (32768, 8, 3)
    kept = hashed(PASSWORD)
    assert kept.startswith("scrypt$32768$8$3$")
    assert (is_password(PASSWORD, kept), is_password(PASSWORD + " ", kept)) == (True, False)


def test_hash_is_checked_as_it_was_made_and_salted_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = hashed(PASSWORD)
    monkeypatch.setattr(staffing, "COST", (2**5, 2, 2))
    assert (kept[:14], hashed(PASSWORD)[:14]) == ("scrypt$16$1$1$", "scrypt$32$2$2$")
    assert is_password(PASSWORD, kept)
    assert len({hashed(PASSWORD) for _ in range(3)}) == 3


def test_file_holds_no_password_and_is_for_its_owner_alone(users: Users) -> None:
    path = users.folder / "users.json"
    assert list(json.loads(path.read_text(encoding="utf-8"))) == ["王芳"]
    assert PASSWORD not in path.read_text(encoding="utf-8")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(users.folder.stat().st_mode) == 0o700
    assert sorted(p.name for p in users.folder.iterdir()) == ["LOCK", "users.json"]


@pytest.mark.parametrize(
    ("name", "password", "says"),
    [
        ("", PASSWORD, prompts.STAFF_NAME),
        ("-r", PASSWORD, prompts.STAFF_NAME),
        ("../a", PASSWORD, prompts.STAFF_NAME),
        ("a b", PASSWORD, prompts.STAFF_NAME),
        ("字" * 41, PASSWORD, prompts.STAFF_NAME),
        ("李雷", "短密码12345678"[:11], "密码要有12至200个字符，给出的有11个。"),
        ("李雷", "长" * 201, "密码要有12至200个字符，给出的有201个。"),
    ],
)
def test_name_or_password_that_may_not_be_is_refused(users: Users, name: str, password: str, says: str) -> None:
    with pytest.raises(StaffError) as caught:
        users.put(name, password)
    assert str(caught.value) == says
    assert list(users.all()) == ["王芳"]


def test_users_come_and_go_in_order(users: Users) -> None:
    assert (users.put("li-lei", PASSWORD), users.put("王芳", PASSWORD + "x")) == (True, False)
    assert list(users.all()) == ["王芳", "li-lei"]
    users.remove("王芳")
    assert list(users.all()) == ["li-lei"]
    with pytest.raises(StaffError, match="没有名为“王芳”的工作人员"):
        users.remove("王芳")


@pytest.mark.parametrize("content", ["{", "[]", '{"a": 1}', "\udcff"])
def test_damaged_file_is_an_error_that_names_it(users: Users, content: str) -> None:
    path = users.folder / "users.json"
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    for use in (users.all, lambda: users.put("李雷", PASSWORD)):
        with pytest.raises(StaffError, match="工作人员名单不能使用") as caught:
            use()
        assert str(path) in str(caught.value)


def test_right_password_opens_a_session_of_its_own(entrance: Entrance) -> None:
    first, second = (entrance.enter("王芳", PASSWORD, CLIENT) for _ in range(2))
    one, other = entrance.find(first), entrance.find(second)
    assert one
    assert other
    assert (one.name, other.name, first != second, one.csrf != other.csrf) == ("王芳", "王芳", True, True)
    assert min(map(len, (first, one.csrf))) == 43
    assert entrance.find("") is None
    assert entrance.find(first[:-1]) is None


def test_unknown_name_hears_the_same_and_costs_the_same(entrance: Entrance, monkeypatch: pytest.MonkeyPatch) -> None:
    costs: list[tuple[int, ...]] = []
    true = staffing._scrypt

    def counted(password: str, salt: bytes, *cost: int) -> bytes:
        costs.append((len(salt), *cost))
        return true(password, salt, *cost)

    monkeypatch.setattr(staffing, "_scrypt", counted)
    said = {str(refused(entrance, name, "x" * 12)) for name in ("王芳", "没有的人", "")}
    assert said == {"名字或密码不对。"}
    assert costs == [(16, 16, 1, 1)] * 3


def test_name_is_locked_after_five_wrong_passwords_even_for_the_right_one(entrance: Entrance) -> None:
    for n in range(5):
        assert refused(entrance, "王芳", "x" * 12, f"192.0.2.{n}").retry is False
    locked = refused(entrance, "王芳", PASSWORD, "192.0.2.9")
    assert (str(locked), locked.retry) == ("试错的次数太多，请过15分钟再试。", True)


def test_unknown_name_is_locked_just_so(entrance: Entrance) -> None:
    said = [str(refused(entrance, "没有的人", "x" * 12)) for _ in range(6)]
    assert said == [prompts.STAFF_WRONG] * 5 + [prompts.STAFF_LOCKED.format(minutes=15)]


def test_lock_opens_again(entrance: Entrance, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(6):
        refused(entrance, "王芳", "x" * 12)
    later = staffing.time.time() + 15 * 60 + 1
    monkeypatch.setattr(staffing.time, "time", lambda: later)
    assert entrance.enter("王芳", PASSWORD, CLIENT)


def test_right_password_in_time_takes_the_wrong_ones_back(entrance: Entrance) -> None:
    for _ in range(3):
        for _ in range(4):
            refused(entrance, "王芳", "x" * 12)
        assert entrance.enter("王芳", PASSWORD, CLIENT)


def test_client_is_locked_after_thirty_tries_whatever_names_it_tries(entrance: Entrance) -> None:
    said = [refused(entrance, f"甲{n}", "x" * 12).retry for n in range(31)]
    assert said == [False] * 30 + [True]
    assert entrance.enter("王芳", PASSWORD, "192.0.2.2")


def test_session_ends_when_it_is_left_or_idle_or_old(entrance: Entrance, clock: Clock) -> None:
    left, idle, old = (entrance.enter("王芳", PASSWORD, CLIENT) for _ in range(3))
    entrance.leave(left)
    assert entrance.find(left) is None
    begun = clock.now
    while clock.now < begun + WHOLE - IDLE:
        clock.now += IDLE - 1
        assert entrance.find(old)
    assert entrance.find(idle) is None
    clock.now = begun + WHOLE - 1
    assert entrance.find(old)
    clock.now = begun + WHOLE
    assert entrance.find(old) is None
    assert (WHOLE, IDLE) == (8 * 3600, 30 * 60)


def test_who_is_removed_or_gets_another_password_is_out_at_once(entrance: Entrance, users: Users) -> None:
    secret = entrance.enter("王芳", PASSWORD, CLIENT)
    users.put("王芳", PASSWORD + "新")
    assert entrance.find(secret) is None
    secret = entrance.enter("王芳", PASSWORD + "新", CLIENT)
    users.remove("王芳")
    assert entrance.find(secret) is None


def test_sessions_that_are_over_are_not_kept(entrance: Entrance, clock: Clock) -> None:
    for _ in range(3):
        entrance.enter("王芳", PASSWORD, CLIENT)
        clock.now += IDLE
    assert len(entrance._sessions) == 1


def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[Any, str, str]:
    monkeypatch.setattr("sys.argv", ["qa", "staff", *arguments])
    capsys.readouterr()
    with pytest.raises(SystemExit) as exit_:
        main()
    printed = capsys.readouterr()
    return exit_.value.code, printed.out, printed.err


def test_command_line_adds_lists_and_removes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("QINGWEN_STAFF", str(tmp_path / "desk"))
    typed = iter([PASSWORD, PASSWORD, PASSWORD + "2", PASSWORD + "2", "short", "short"])
    monkeypatch.setattr("getpass.getpass", lambda *_, **__: next(typed))
    asked = "密码（至少12个字符）再输一遍"  # what reads the password writes the colon
    assert run(monkeypatch, capsys, "add", "王芳") == (0, "已添加工作人员“王芳”。\n", asked)
    assert is_password(PASSWORD, Users(tmp_path / "desk").all()["王芳"])
    assert run(monkeypatch, capsys, "add", "王芳")[1] == "已更改“王芳”的密码，原来的登录随即失效。\n"
    assert run(monkeypatch, capsys, "add", "李雷") == (2, "", asked + "密码要有12至200个字符，给出的有5个。\n")
    assert run(monkeypatch, capsys, "list") == (0, "王芳\n", "")
    assert run(monkeypatch, capsys, "remove", "李雷") == (2, "", "没有名为“李雷”的工作人员。\n")
    assert run(monkeypatch, capsys, "remove", "王芳") == (0, "已移除工作人员“王芳”，其登录随即失效。\n", "")
    assert run(monkeypatch, capsys, "list") == (0, "", "")
