"""A package outside of the repository that uses its products."""

import os
import shutil
import subprocess

from command import REPOSITORY

# The version has different files in every run.
OPTIONS = ["--resolver-fingerprint-checking", "warn"]


def ran(*command, **options):
    """The output of a command that must succeed."""
    done = subprocess.run(command, capture_output=True, text=True, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def published(folder):
    """The files of this clone as a repository with a version: SwiftPM allows some flags only for packages in a folder.
    """
    folder = folder / "hextant"
    shutil.rmtree(folder, ignore_errors=True)
    names = ran("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=REPOSITORY).split("\0")
    for name in filter(None, names):
        if (REPOSITORY / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(REPOSITORY / name, folder / name, follow_symlinks=False)
    ran("git", "init", "--quiet", cwd=folder)
    ran("git", "add", "--all", cwd=folder)
    identity = ["-c", "user.name=test", "-c", "user.email=test@example.org"]
    ran("git", *identity, "commit", "--quiet", "--message", "All files", cwd=folder)
    ran("git", "tag", "1.0.0", cwd=folder)
    return folder


def built(folder, repository, configuration, **environment):
    """Builds the package outside in a folder of its own; returns the folder with its programs."""
    package = folder / "package"
    shutil.rmtree(package, ignore_errors=True)
    shutil.copytree(REPOSITORY / "Tests" / "OutsidePackage", package)
    shutil.copy(REPOSITORY / "Package.resolved", package)
    ran("swift", "build", "--configuration", configuration, "--scratch-path", str(folder / "build"), *OPTIONS,
        cwd=package, env=os.environ | {"HEXTANT_REPOSITORY": repository.as_uri()} | environment)  # fmt: skip
    return folder / "build" / configuration
