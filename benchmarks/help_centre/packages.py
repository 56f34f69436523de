"""Fetches a site's package once, and reads its pages from the archive without unpacking it."""

import hashlib
import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import IO, Final

from benchmarks.data import DataMissing
from benchmarks.help_centre.sites import Site, sites

_SECONDS: Final = 600
_PAGE_BYTES: Final = 4 * 1024 * 1024
_PAGES: Final = 500
_AR_MAGIC: Final = b"!<arch>\n"
_AR_HEADER: Final = 60


@dataclass(frozen=True, slots=True)
class Page:
    path: str
    content: bytes


def require() -> None:
    """Raise DataMissing unless every package is kept or can be fetched."""
    for site in sites():
        _package(site)


def pages(site: Site) -> tuple[Page, ...]:
    """Return a site's pages in the order of their paths; fetches the package if it is not kept."""
    return read_pages(site, _package(site))


def read_pages(site: Site, package: Path) -> tuple[Page, ...]:
    """Return the pages in a package; raises DataMissing if it is not the one that is pinned."""
    if _sha256(package) != site.sha256:
        raise DataMissing(f"{package} is not the {site.file} that sites.toml names: remove it.")
    found = sorted(_read(site, package), key=lambda page: page.path)
    if not found:
        raise DataMissing(f"{package} has no pages below {site.root}.")
    return tuple(found)


def cache_folder() -> Path:
    """Return the folder that keeps packages, outside of the project."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "answerdesk-benchmarks"


def _package(site: Site) -> Path:
    kept = cache_folder() / site.file
    if not kept.is_file():
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=kept.parent) as folder:
            _download(site, Path(folder))
            Path(folder, site.file).replace(kept)
    return kept


def _download(site: Site, folder: Path) -> None:
    """Have the registry's own client download the package, which knows where its registry is."""
    command = _apt(site) if site.client == "apt" else _pip(site, folder)
    try:
        done = subprocess.run(
            command, check=False, cwd=folder, capture_output=True, text=True, timeout=_SECONDS
        )
        said = (done.stderr.strip() or done.stdout.strip()).splitlines()
    except (OSError, subprocess.TimeoutExpired) as error:
        said = [str(error)]
    if not (folder / site.file).is_file():
        raise DataMissing(
            f"{site.package} {site.version} could not be downloaded with {site.client}"
            f"{': ' + said[-1] if said else ''}. Put {site.file} (sha256 {site.sha256}) into "
            f"{cache_folder()} yourself, from wherever it is."
        )


def _apt(site: Site) -> list[str]:
    return ["apt-get", "download", f"{site.package}={site.version}"]


def _pip(site: Site, folder: Path) -> list[str]:
    """Return the command; pip checks the hash before it runs the package's own build."""
    pinned = folder / "requirements.txt"
    pinned.write_text(f"{site.package}=={site.version} --hash=sha256:{site.sha256}\n")
    options = ["--quiet", "--no-deps", "--no-binary", site.package, "--require-hashes"]
    return [sys.executable, "-m", "pip", "download", *options, "--requirement", str(pinned)]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read(site: Site, package: Path) -> Iterator[Page]:
    count = 0
    with package.open("rb") as file:
        if package.suffix == ".deb":
            _seek_data(file)
        with tarfile.open(fileobj=file, mode="r|*") as archive:
            for member in archive:
                path = _path_of(site, member)
                if path is None:
                    continue
                count += 1
                if member.size > _PAGE_BYTES or count > _PAGES:
                    raise DataMissing(f"{package} has more or larger pages than a site may have.")
                content = archive.extractfile(member)
                if content is not None:
                    yield Page(path, content.read())


def _path_of(site: Site, member: tarfile.TarInfo) -> str | None:
    """Return a page's path below the root; None for what is no page."""
    path = PurePosixPath(member.name)
    if not member.isfile() or not path.is_relative_to(site.root):
        return None
    below = str(path.relative_to(site.root))
    wanted = any(fnmatchcase(below, pattern) for pattern in site.pages)
    return below if wanted and not any(fnmatchcase(below, one) for one in site.without) else None


def _seek_data(file: IO[bytes]) -> None:
    """Go to the files of a Debian package: an `ar` archive of which they are one member."""
    if file.read(len(_AR_MAGIC)) != _AR_MAGIC:
        raise DataMissing("This is no Debian package.")
    while header := file.read(_AR_HEADER):
        if header.startswith(b"data.tar"):
            return
        size = int(header[48:58])
        file.seek(size + size % 2, os.SEEK_CUR)
    raise DataMissing("This Debian package has no files.")
