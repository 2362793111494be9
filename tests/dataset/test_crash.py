from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from leadspro_engine.dataset import Dataset, current_version, publish, snapshots_folder
from tests.dataset.made import write_work

ROOT = Path(__file__).parents[2]
PUBLISH_FOREVER = """
import sys
from pathlib import Path
from leadspro_engine.dataset import publish
home = Path(sys.argv[1])
print("ready", flush=True)
while True:
    publish(home, home / "work", {})
"""
PUBLISH_WITHOUT_ROOM = """
import resource, signal, sys
from pathlib import Path
from leadspro_engine.dataset import publish
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
publish(Path(sys.argv[1]), Path(sys.argv[1]) / "work", {})
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    publish(tmp_path, write_work(tmp_path / "work"), {})
    return tmp_path


def _child(code: str, *arguments: object) -> subprocess.Popen[str]:
    words = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.Popen(
        words,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": "."},
    )


def test_a_publisher_killed_at_any_instant_leaves_a_whole_snapshot(home: Path) -> None:
    moments = random.Random(5)
    for _ in range(10):
        before = current_version(home)
        with _child(PUBLISH_FOREVER, home) as child:
            assert child.stdout is not None
            assert child.stdout.readline() == "ready\n"
            time.sleep(moments.uniform(0, 0.5))
            child.send_signal(signal.SIGKILL)
        with Dataset.open(home, verify=True) as dataset:
            assert dataset.keys.lookup("email", ["amanda@northpeak.io"])
            assert dataset.manifest.parent is not None or dataset.version == before
    publish(home, home / "work", {})
    assert not list(snapshots_folder(home).glob("staging-*"))


@pytest.mark.parametrize("room", [4_096, 100_000, 800_000])
def test_a_publisher_that_runs_out_of_room_leaves_the_current_snapshot(home: Path, room: int) -> None:
    before = current_version(home)
    with _child(PUBLISH_WITHOUT_ROOM, home, room) as child:
        _, complaint = child.communicate()
    assert child.returncode != 0
    assert "Error" in complaint
    assert current_version(home) == before
    assert not list(snapshots_folder(home).glob("staging-*"))
    with Dataset.open(home, verify=True) as dataset:
        assert dataset.version == before


def test_a_snapshot_opens_at_any_time_while_others_are_published(home: Path) -> None:
    done = threading.Event()
    failed: list[BaseException] = []
    opened = 0

    def open_again_and_again() -> None:
        nonlocal opened
        while not done.is_set():
            try:
                with Dataset.open(home) as dataset:
                    assert dataset.lookup("email", ["amanda@northpeak.io"]) == dataset.keys.lookup(
                        "email", ["amanda@northpeak.io"]
                    )
                opened += 1
            except BaseException as exc:  # noqa: BLE001 - whatever it is, the test reports it
                failed.append(exc)

    reader = threading.Thread(target=open_again_and_again)
    reader.start()
    for _ in range(8):
        publish(home, home / "work", {}, keep=1)
    done.set()
    reader.join()
    assert failed == []
    assert opened > 8
