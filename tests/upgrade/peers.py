# SPDX-License-Identifier: MIT
"""How others put a library into a directory, for the same tests: nothing is asked of them but that
the tests can see what is broken."""

import os
import shutil
import subprocess
import zlib

from scenes import NEWEST, OLDER, Scene, chain

CMAKE = """cmake_minimum_required(VERSION 3.16)
project(demo VERSION %s LANGUAGES C)
add_library(demo SHARED demo.c)
set_target_properties(demo PROPERTIES VERSION %s SOVERSION 1)
install(TARGETS demo LIBRARY DESTINATION lib)
"""

LINKS = "ln -sf {@_real} {dir}/libdemo.so.1 && ln -sf libdemo.so.1 {dir}/libdemo.so"

# What each runs for a library of the stage; @ stands for its name.
COMMANDS = {
    "install+ln": "install -m 755 {@} {dir}/{@_real} && " + LINKS,
    "cp+ln": "cp {@} {dir}/{@_real} && " + LINKS,
    "install+ldconfig": "install -m 755 {@} {dir}/{@_real} && ldconfig -n {dir}",
    "libtool": "libtool --mode=install install -c {libtool}/@/libdemo.la {dir}",
    "cmake": "cmake --install {cmake}/@ --prefix {dir}/..",
}
BUILT = ("demo100", "demo110", "demo110b")


def command(who, library):
    """The words of a peer's command, with braces still to be filled in."""
    return COMMANDS[who].replace("@", library)


def peer(name, before, after, text):
    scene = Scene(name, before, after, "", peer=True)
    scene.command = ["sh", "-c", text]
    scene.needs_build = needs_build(text)
    return scene


def needs_build(text):
    return "{libtool}" in text or "{cmake}" in text


def peer_scenes():
    for who in COMMANDS:
        yield peer(who + "-minor", chain("demo100"), NEWEST, command(who, "demo110"))
        yield peer(who + "-rebuild", chain("demo110"), chain("demo110b"),
                   command(who, "demo110b"))
    yield peer("ldconfig-links", OLDER, NEWEST, "ldconfig -n {dir}")


PEERS = list(peer_scenes())


def build(directory, libraries):
    """Build trees of libtool and CMake whose result is replaced by ours, so that all install the
    same bytes. Returns the words for a stage."""
    words = {"libtool": os.path.join(directory, "libtool"),
             "cmake": os.path.join(directory, "cmake")}
    for name in BUILT:
        version = libraries[name].real.split(".so.")[1]
        tree = os.path.join(words["libtool"], name)
        build_with_libtool(tree, version)
        overwrite(libraries[name], os.path.join(tree, ".libs"))
        tree = os.path.join(words["cmake"], name)
        build_with_cmake(tree, version)
        overwrite(libraries[name], tree)
    return words


def write_source(tree):
    os.makedirs(tree)
    with open(os.path.join(tree, "demo.c"), "w", encoding="utf-8") as file:
        file.write("int demo_number(void);\nint demo_number(void)\n{\n\treturn 0;\n}\n")


def quietly(tree, *command):
    subprocess.run(command, cwd=tree, check=True, stdout=subprocess.DEVNULL)


def build_with_libtool(tree, version):
    """The directory of the stage ends in /usr/lib, and libtool is content with that."""
    write_source(tree)
    quietly(tree, "libtool", "--tag=CC", "--mode=compile", "gcc", "-c", "-o", "demo.lo", "demo.c")
    quietly(tree, "libtool", "--tag=CC", "--mode=link", "gcc", "-shared", "-o", "libdemo.la",
            "demo.lo", "-rpath", "/usr/lib", "-version-number", version.replace(".", ":"))


def build_with_cmake(tree, version):
    write_source(tree)
    with open(os.path.join(tree, "CMakeLists.txt"), "w", encoding="utf-8") as file:
        file.write(CMAKE % (version, version))
    # Debian's CMake installs libraries without the x bit, and the judge wants one mode of all.
    quietly(tree, "cmake", "-DCMAKE_INSTALL_SO_NO_EXE=0", ".")
    quietly(tree, "cmake", "--build", ".")


def overwrite(library, directory):
    """With a time of its own: CMake leaves a file alone that seems as old as the new one."""
    path = os.path.join(directory, library.real)
    shutil.copyfile(library.path, path)
    os.chmod(path, 0o755)
    with open(path, "rb") as file:
        when = zlib.crc32(file.read())
    os.utime(path, (when, when))
