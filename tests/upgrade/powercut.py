#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What a power cut leaves, on ext4 and xfs: the act is done on a file system in an image, the image
is copied, and the copy is mounted, whereby the kernel goes through its journal as after a crash.

The loop device writes into the page cache of the image file, where a copy sees it. So the copy
holds what the mounted file system has sent to its device up to then, and nothing that still waits
in its own caches: neither pages that nobody has synced nor transactions that nobody has committed.
It is a disk that loses nothing it was given. A real one may also lose what no flush has followed;
ext4 and xfs send that flush with every fsync, which is all that a program can do about it. An image
that changes while it is copied (the kernel writes back when it likes) is copied again.

Looked at after each act that ended with exit status 0:
  at once   with --sync the new state; the old one would mean that exit 0 was premature
  later     after another program's fsync on the same file system, which commits what this act did
            to the directory, but not the bytes of its files: where others' libraries have 0 bytes
And at every step: the act is killed there, another program syncs, the power goes. Old or new, and
whole. What others leave is printed beside it.

Root only.
"""

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
import time

import judge
import peers
from scenes import SCENES, Stage, build_all

# mkfs, megabytes of the smallest that it makes, and what mounting a copy takes beside the original
FILESYSTEMS = {
    "ext4": (["mkfs.ext4", "-q", "-F"], 16, "rw"),
    "xfs": (["mkfs.xfs", "-q", "-f"], 300, "rw,nouuid"),
}
ATTEMPTS = 50
SKIPPED = 77  # as ctest has it

ACTS = ["first", "first-directory", "minor", "rebuild", "major", "headers", "several", "downgrade",
        "uninstall", "fall-back", "links", "links-new"]
CANARY = "install+ln-minor"
STEPS = ["first-directory", "minor", "rebuild", "fall-back", "links"]


def run(*command):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


@contextlib.contextmanager
def mounted(image, where, filesystem, options):
    """A loop device and a mount, both gone at the end whatever happens. Gives the device."""
    os.makedirs(where, exist_ok=True)
    device = attach(image)
    try:
        run("mount", "-t", filesystem, "-o", options, device, where)
        try:
            yield device
        finally:
            run("umount", where)
    finally:
        run("losetup", "-d", device)


def attach(image):
    """Somebody else may take the free device before us: then losetup is asked again."""
    for attempt in range(ATTEMPTS):
        done = subprocess.run(["losetup", "-f", "--show", image], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, check=False)
        if done.returncode == 0:
            return done.stdout.strip()
        time.sleep(0.01 * attempt)
    raise RuntimeError("no loop device: " + done.stderr)


class Disk:
    """A file system in an image, mounted; a context."""

    def __init__(self, name, directory):
        self.name = name
        make, megabytes, self.options = FILESYSTEMS[name]
        self.image = os.path.join(directory, name + ".img")
        self.copy = os.path.join(directory, name + ".copy")
        self.where = os.path.join(directory, name)
        self.aside = os.path.join(directory, name + ".after")
        with open(self.image, "wb") as file:
            file.truncate(megabytes << 20)
        run(*make, self.image)

    def __enter__(self):
        self.mount = mounted(self.image, self.where, self.name, "rw")
        self.device = self.mount.__enter__()
        return self

    def __exit__(self, *why):
        return self.mount.__exit__(*why)

    def sync(self):
        run("sync", "--file-system", self.where)

    def sync_elsewhere(self):
        """What any other program on the machine does all day."""
        path = os.path.join(self.where, "elsewhere")
        with open(path, "wb") as file:
            file.write(b"letter")
            file.flush()
            os.fsync(file.fileno())

    def written(self):
        """How many writes the device has seen, or None while it is at one."""
        path = "/sys/block/%s/stat" % os.path.basename(self.device)
        with open(path, encoding="ascii") as file:
            fields = file.read().split()
        return None if fields[8] != "0" else fields[4]

    def copy_image(self):
        """As it was at one moment. A new file each time: should somebody still have the last one
        mounted, in a namespace that was made meanwhile, he writes to that and not to this."""
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.copy)
        for _ in range(ATTEMPTS):
            before = self.written()
            copy_sparse(self.image, self.copy)
            if before is not None and self.written() == before:
                return
        raise RuntimeError("%s does not come to rest" % self.device)

    def after_power_cut(self):
        """A context with the tree as the next start of the machine finds it."""
        self.copy_image()
        return mounted(self.copy, self.aside, self.name, self.options)


def copy_sparse(source, target):
    """Only what is no hole: the image is big and empty. It is synced first, so that where it has
    data does not change under our eyes; what the loop device has written stays the same by that."""
    with open(source, "rb") as image, open(target, "wb") as copy:
        os.fsync(image.fileno())
        size = os.fstat(image.fileno()).st_size
        copy.truncate(size)
        for start, end in data_of(image.fileno(), size):
            while start < end:
                start += os.copy_file_range(image.fileno(), copy.fileno(), end - start, start,
                                            start)


def data_of(fd, size):
    """(start, end) of each part of a file that is not a hole"""
    end = 0
    while end < size:
        try:
            start = os.lseek(fd, end, os.SEEK_DATA)
        except OSError:
            return
        end = os.lseek(fd, start, os.SEEK_HOLE)
        yield start, end


class Play:
    """A scene on a disk."""

    def __init__(self, disk, scene, libraries, words):
        self.disk, self.scene, self.libraries = disk, scene, libraries
        self.words = {**words, "tree": disk.where}
        self.stage = Stage(self.directory(disk.where), libraries, self.words)
        self.log = disk.image + ".log"

    @staticmethod
    def directory(where):
        return os.path.join(where, "usr/lib")

    def act(self, injector=()):
        """Lay the old state, safely on disk; then the command. Its exit status and stderr."""
        self.stage.lay(self.scene)
        self.disk.sync()
        done = subprocess.run([*injector, *self.stage.command(self.scene)], cwd=self.disk.where,
                              env=self.stage.environment(self.scene), text=True,
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
        return done.returncode, done.stderr

    def verdict(self):
        with self.disk.after_power_cut():
            return judge.judge(self.directory(self.disk.aside), self.stage.expectation(self.scene))

    def at_end(self):
        """(exit status and stderr, verdict at once, verdict later)"""
        done = self.act()
        at_once = self.verdict()
        self.disk.sync_elsewhere()
        return done, at_once, self.verdict()

    def at_steps(self, faultrun):
        """(number of the call, verdict) of a power cut before each call"""
        injector = [faultrun, "-t", self.disk.where, "-l", self.log]
        self.act([*injector, "--"])
        with open(self.log, encoding="utf-8") as log:
            count = len(log.readlines())
        for number in range(1, count + 1):
            self.act([*injector, "-n", str(number), "-k", "kill", "--"])
            self.disk.sync_elsewhere()
            yield number, self.verdict()


def is_whole(verdict):
    return not verdict.broken and not verdict.latent


def report(disk, scene, when, verdict, wrong=""):
    """One line. Returns how many faults it tells of."""
    print("%-5s %-24s %-8s %s%s" % (disk.name, scene, when, judge.words(verdict),
                                    "   WRONG: " + wrong if wrong else ""), flush=True)
    return 1 if wrong else 0


def check_end(play):
    """After exit status 0. Returns the number of faults, and whether the tree was whole later."""
    (status, errors), at_once, later = play.at_end()
    disk, scene = play.disk, play.scene
    faults = 0
    for when, verdict in (("at once", at_once), ("later", later)):
        wrong = ""
        if status != 0:
            wrong = "exit status %d: %s" % (status, errors)
        elif judge.words(verdict) != "new":
            wrong = "not new and whole, though the exit status was 0"
        faults += report(disk, scene, when, verdict, "" if scene.peer else wrong)
    return faults, is_whole(later)


def check_steps(play, faultrun):
    """At each step. Returns the number of faults."""
    faults = count = 0
    for number, verdict in play.at_steps(faultrun):
        count += 1
        if not is_whole(verdict):
            faults += report(play.disk, play.scene, "step %d" % number, verdict, "not whole")
    print("%-5s %-24s %d steps, %d broken" % (play.disk.name, play.scene, count, faults),
          flush=True)
    return 0 if play.scene.peer else faults


def check_disk(disk, options, libraries, words):
    """Returns the number of faults."""
    faults = 0
    for scene in [*SCENES, *peers.PEERS]:
        play = Play(disk, scene, libraries, words)
        if scene.peer or scene.name in ACTS:
            wrong, whole = check_end(play)
            faults += wrong
            if scene.name == CANARY and whole:
                print("nothing is broken by install and ln: this test cannot see")
                faults += 1
        if scene.name in STEPS:
            faults += check_steps(play, options.faultrun)
    return faults


def leave_alone():
    """Go on in a mount namespace of our own: nobody else, who makes one meanwhile, takes a copy of
    our mounts into it, and none is left when we are killed."""
    ours, parents = (os.stat("/proc/%s/ns/mnt" % pid).st_ino for pid in ("self", os.getppid()))
    if ours == parents:
        os.execvp("unshare", ["unshare", "--mount", sys.executable, *sys.argv])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--filesystem", choices=FILESYSTEMS, action="append")
    parser.add_argument("bin", help="where sov is")
    parser.add_argument("faultrun")
    options = parser.parse_args()
    options.faultrun = os.path.abspath(options.faultrun)
    if os.geteuid() != 0:
        print("only root may mount a file system")
        return SKIPPED
    leave_alone()
    faults = 0
    with tempfile.TemporaryDirectory(prefix="sov-powercut-") as shop:
        libraries, _ = build_all(os.path.join(shop, "libraries"))
        words = {"bin": os.path.abspath(options.bin), **peers.build(shop, libraries)}
        for name in options.filesystem or FILESYSTEMS:
            with Disk(name, shop) as disk:
                faults += check_disk(disk, options, libraries, words)
    print("%d faults" % faults)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
