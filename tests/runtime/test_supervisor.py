"""The supervisor: what crashes is started again, what cannot run ends all, nothing is left."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from runtime.endings import NEVER_AGAIN
from runtime.supervisor import Part, Server, Supervisor
from tests.processes import SOON_S, until

STEADY = """
import os, pathlib, sys, time
draft = pathlib.Path(sys.argv[1] + '.draft')
draft.write_text(str(os.getpid()))
draft.rename(sys.argv[1])
time.sleep(600)
"""
CRASHING = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
HOPELESS = """
import pathlib, sys, time
while not pathlib.Path(sys.argv[1]).exists():
    time.sleep(0.01)
sys.exit(78)
"""
DEAF = """
import pathlib, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
pathlib.Path(sys.argv[1]).write_text('up')
time.sleep(600)
"""


def part(name: str, program: str, *arguments: str) -> Part:
    return Part(name, (sys.executable, "-c", program, *arguments), dict(os.environ))


@dataclass(slots=True)
class Run:
    """A supervisor at work in a thread."""

    supervisor: Supervisor
    said: list[str]
    stop: threading.Event = field(default_factory=threading.Event)
    code: int | None = None

    def go(self) -> None:
        self.code = self.supervisor.run(self.stop)

    def process(self, at: int = 0) -> psutil.Process:
        return psutil.Process(self.supervisor._running[at].process.pid)

    def heard(self, *words: str) -> bool:
        return any(all(word in line for word in words) for line in self.said)


@contextmanager
def supervised(*parts: Part, servers: tuple[Server, ...] = ()) -> Iterator[Run]:
    said: list[str] = []
    run = Run(Supervisor(said.append), said)
    run.supervisor.add(*servers, *parts)
    thread = threading.Thread(target=run.go)
    thread.start()
    try:
        yield run
    finally:
        run.stop.set()
        thread.join()


def test_a_part_that_is_killed_is_started_again_and_it_is_said(tmp_path: Path) -> None:
    up = tmp_path / "up"
    with supervised(part("project", STEADY, str(up))) as run:
        until(up.exists, "the part is up")
        first = run.process()
        first.kill()
        until(
            lambda: run.heard("project is running again"),
            "the supervisor says: project is running again",
        )
        assert run.process().pid != first.pid
        assert run.heard("project ended with SIGKILL")
    assert run.code == 0


def test_a_part_that_keeps_crashing_is_started_again_later_each_time() -> None:
    with supervised(part("relay", CRASHING)) as run:
        until(lambda: run.heard("in 0.8 s"), "the supervisor says: in 0.8 s")
    pauses = [line.rpartition(" in ")[2] for line in run.said if "starting it again in" in line]
    assert pauses[:3] == ["0.2 s", "0.4 s", "0.8 s"]
    assert run.code == 0


def test_a_part_that_cannot_run_ends_all_with_its_code(tmp_path: Path) -> None:
    up = tmp_path / "up"
    with supervised(part("serve", STEADY, str(up)), part("react", HOPELESS, str(up))) as run:
        until(lambda: run.code is not None, "the supervisor ends")
        assert run.code == NEVER_AGAIN
        assert run.heard("react cannot run")
        assert not psutil.pid_exists(int(up.read_text()))


def test_a_part_that_does_not_listen_is_killed_in_the_end(tmp_path: Path) -> None:
    up = tmp_path / "up"
    with supervised(part("serve", DEAF, str(up))) as run:
        until(up.exists, "the part is up")
        deaf = run.process()
        run.supervisor.patience_s = 0.2
        run.stop.set()
        until(lambda: run.code == 0, "the supervisor ends")
        assert run.heard("serve did not stop in 0.2 s")
        assert not deaf.is_running()


def test_a_server_that_ends_is_started_again(tmp_path: Path) -> None:
    up = tmp_path / "server"
    server = Server("Kafka", up.exists, up.touch)
    up.touch()
    with supervised(part("serve", STEADY, str(tmp_path / "up")), servers=(server,)) as run:
        until((tmp_path / "up").exists, "the part is up")
        up.unlink()
        until(
            lambda: run.heard("Kafka is running again"),
            "the supervisor says: Kafka is running again",
        )
        assert up.exists()
    assert run.code == 0


def test_parts_end_when_their_supervisor_is_killed(tmp_path: Path) -> None:
    up, program = tmp_path / "up", tmp_path / "supervise.py"
    child = f"""
import pathlib, sys, time
from runtime.supervisor import end_with
end_with(int(sys.argv[2]))
{STEADY}
"""
    program.write_text(f"""
import os, sys, threading
from runtime.supervisor import Part, Supervisor
command = (sys.executable, "-c", {child!r}, {str(up)!r}, str(os.getpid()))
supervisor = Supervisor(print)
supervisor.add(Part("serve", command, dict(os.environ)))
supervisor.run(threading.Event())
""")
    with subprocess.Popen([sys.executable, program]) as parent:
        until(up.exists, "the part is up")
        children = psutil.Process(parent.pid).children()
        assert len(children) == 1
        parent.send_signal(signal.SIGKILL)
    _, alive = psutil.wait_procs(children, timeout=SOON_S)
    assert alive == []


def test_a_part_whose_supervisor_is_gone_already_does_not_begin() -> None:
    program = "from runtime.supervisor import end_with; end_with(1); raise SystemExit(3)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_a_part_takes_the_place_of_its_namesake(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    with supervised(part("serve", STEADY, str(first))) as run:
        until(first.exists, "the first is up")
        run.supervisor.add(part("serve", STEADY, str(second)))
        until(second.exists, "the second is up")
        assert not psutil.pid_exists(int(first.read_text()))
        assert psutil.pid_exists(int(second.read_text()))
    assert run.said == []
