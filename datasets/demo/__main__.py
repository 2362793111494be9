"""Write the demo files: ``python -m datasets.demo``."""

from __future__ import annotations

from pathlib import Path

from datasets.demo import generate

here = Path(__file__).parent
for name, content in generate().items():
    (here / name).parent.mkdir(exist_ok=True)
    (here / name).write_bytes(content)
    print(name, content.count(b"\n"), "lines")
