#!/usr/bin/env python3
"""Make one virtual environment for each simulator that we compare with, from pinned requirements.

    python benchmarks/peers.py install              # all of them, the most important first
    python benchmarks/peers.py install neuron arbor # these only
    python benchmarks/peers.py list                 # what is there, in which version

The environments lie under `.peers/`, which git ignores. Each is made once: a changed requirement file
or an interrupted installation makes it anew. An environment that cannot be made on this machine is
left out, with the reason.

NEURON's best setting wants its mechanisms compiled for this processor (`models/*.mod`), where there is a C++ compiler.
Myokit compiles against SUNDIALS. Where the machine has no headers of it, and its packages are Debian's, those that hold
the headers and the libraries are unpacked into the environment; nothing is installed on the machine.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ENVIRONMENTS = HERE.parent / ".peers"
MODELS = HERE / "models"
RECEIPT = "installed-from.txt"
# As a user would who wants the processor's vectors: the wheel's own mechanisms are made for any processor.
NATIVE_FLAGS = "-O3 -march=native -ffast-math"


@dataclass(frozen=True)
class Peer:
    """A simulator with its own environment: `version` is the Python line that prints its version.

    mechanisms: files of NMODL that are compiled for this processor, in the folder of the models.
    header: a header file that it compiles against.  packages: Debian's that hold it and its libraries; a dot at the end
    stands for the number of the library's version.
    """

    name: str
    version: str
    header: str = ""
    packages: tuple[str, ...] = ()
    mechanisms: tuple[str, ...] = ()

    @property
    def requirements(self) -> Path:
        return HERE / "requirements" / f"{self.name}.txt"

    @property
    def environment(self) -> Path:
        return ENVIRONMENTS / self.name

    @property
    def python(self) -> Path:
        return self.environment / "bin" / "python"

    @property
    def unpacked(self) -> Path:
        """Where the contents of Debian's packages are put."""
        return self.environment / "debian"

    @property
    def compiled(self) -> Path:
        """Where mechanisms are compiled, and their sources kept beside them."""
        return self.environment / "mechanisms"

    def native(self) -> Path | None:
        """The folder of the compiled mechanisms, where they are those of now."""
        kept = [self.compiled / name for name in self.mechanisms]
        fresh = all(file.is_file() and file.read_text() == (MODELS / file.name).read_text() for file in kept)
        found = next(self.compiled.glob("*/libcorenrnmech.*"), None) if kept and fresh else None
        return found.parent if found else None

    def headers(self) -> list[str]:
        """Folders of headers beside those of the system."""
        return [str(folder) for folder in (self.unpacked / "usr" / "include",) if folder.is_dir()]

    def libraries(self) -> list[str]:
        """Folders of libraries beside those of the system."""
        return sorted({str(path.parent) for path in (self.unpacked / "usr" / "lib").rglob("libsundials_cvodes.so")})

    @property
    def receipt(self) -> Path:
        return self.environment / RECEIPT

    def ready(self) -> bool:
        """Whether the environment was made, to the end, from the requirements as they stand now."""
        return self.receipt.is_file() and self.receipt.read_text() == self.requirements.read_text()


PEERS = (
    Peer("ceiling", "import llvmlite; print(llvmlite.__version__)"),
    Peer("neuron", "import neuron; print(neuron.__version__)", mechanisms=("squid.mod",)),
    Peer("arbor", "import arbor; print(arbor.config()['version'])"),
    Peer("jaxley", "import jaxley; print(jaxley.__version__)"),
    Peer("brian2", "import brian2; print(brian2.__version__)"),
    Peer(
        "myokit",
        "import myokit; print(myokit.__version__)",
        header="sundials/sundials_config.h",
        packages=(
            "libsundials-dev",
            "libsundials-cvodes.",
            "libsundials-nvecserial.",
            "libsundials-sunmatrix.",
            "libsundials-sunlinsol.",
        ),
    ),
)
BY_NAME = {peer.name: peer for peer in PEERS}


def has_header(peer: Peer) -> bool:
    """Whether the machine has what the peer compiles against."""
    roots = (Path("/usr/include"), Path("/usr/local/include"), Path("/opt/homebrew/include"))
    return not peer.header or any((root / peer.header).is_file() for root in roots)


def unpack(peer: Peer) -> str:
    """Put the contents of Debian's packages into the environment; returns why not, or an empty string."""
    remedy = f"{peer.header} was not found; install it (Debian: apt install {peer.packages[0]})"
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        return remedy
    listed = output("apt-cache", "depends", peer.packages[0]).split()
    names = []
    for wanted in peer.packages:
        numbered = [
            name for name in listed if name[: len(wanted) - 1] == wanted[:-1] and name[len(wanted) - 1 :].isdigit()
        ]
        names += numbered if wanted.endswith(".") else [wanted]
    peer.unpacked.mkdir()
    done = subprocess.run(
        ["apt-get", "download", *names], cwd=peer.unpacked, capture_output=True, text=True, check=False
    )
    if done.returncode:
        return f"{remedy}, or let its packages be downloaded: {last_line(done.stderr)} (apt-get update may help)"
    for package in sorted(peer.unpacked.glob("*.deb")):
        subprocess.run(["dpkg-deb", "--extract", str(package), str(peer.unpacked)], check=True)
        package.unlink()
    return "" if peer.libraries() else remedy


def output(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def install(peer: Peer) -> str:
    """Make the environment of one peer; returns one line that says how it went."""
    if peer.ready():
        return f"{peer.name}: ready ({version(peer)}){compile_mechanisms(peer)}"
    if peer.environment.exists():
        shutil.rmtree(peer.environment)
    subprocess.run([sys.executable, "-m", "venv", str(peer.environment)], check=True)
    reason = "" if has_header(peer) else unpack(peer)
    if reason:
        return f"{peer.name}: skipped: {reason}"
    pip = [str(peer.python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run([*pip, "--requirement", str(peer.requirements)], capture_output=True, text=True, check=False)
    if done.returncode:
        return f"{peer.name}: failed: {last_line(done.stderr)}"
    found = version(peer)
    if not found:
        return f"{peer.name}: failed: installed, but it cannot be imported"
    peer.receipt.write_text(peer.requirements.read_text())
    return f"{peer.name}: installed ({found}){compile_mechanisms(peer)}"


def compile_mechanisms(peer: Peer) -> str:
    """Compile what is not compiled yet; returns what there is to say of it."""
    if not peer.mechanisms or peer.native():
        return ""
    if not shutil.which("c++"):
        return "; its mechanisms are not compiled: there is no C++ compiler"
    shutil.rmtree(peer.compiled, ignore_errors=True)
    peer.compiled.mkdir()
    for name in peer.mechanisms:
        shutil.copy(MODELS / name, peer.compiled)
    tools = peer.environment / "bin"
    done = subprocess.run(
        [str(tools / "nrnivmodl"), "-coreneuron", "-incflags", NATIVE_FLAGS, "."],
        cwd=peer.compiled,
        env={**os.environ, "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    return "" if peer.native() else f"; its mechanisms were not compiled: {last_line(done.stdout + done.stderr)}"


def version(peer: Peer) -> str:
    """The version that the peer's own interpreter reports; empty where it does not import."""
    if not peer.python.is_file():
        return ""
    done = subprocess.run([str(peer.python), "-c", peer.version], capture_output=True, text=True, check=False)
    return "" if done.returncode else last_line(done.stdout)


def last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1].strip() if lines else "no message"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("action", choices=("install", "list"))
    parser.add_argument("names", nargs="*", metavar="PEER", help=f"of {', '.join(BY_NAME)}; all where none is named")
    arguments = parser.parse_args()
    unknown = [name for name in arguments.names if name not in BY_NAME]
    if unknown:
        parser.error(f"there is no peer named {', '.join(unknown)}; write some of {', '.join(BY_NAME)}")
    failed = False
    for peer in [BY_NAME[name] for name in arguments.names] or PEERS:
        if arguments.action == "install":
            line = install(peer)
            failed |= ": failed" in line
        else:
            line = f"{peer.name}: {version(peer) or 'not installed'}"
        print(line, flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
