# SPDX-License-Identifier: MIT
"""Acts on one directory: how it lies before, the command, how it lies after. For the tests that
disturb them: faults.py, window.py, powercut.py."""

import collections
import hashlib
import os
import subprocess

import judge

Library = collections.namedtuple("Library", "path real")

# What each library is called here, and what it is: base name, version, and a number that its
# function returns, so that two builds of one version differ.
LIBRARIES = {
    "demo100": ("demo", "1.0.0", 100),
    "demo110": ("demo", "1.1.0", 110),
    "demo110b": ("demo", "1.1.0", 111),
    "demo200": ("demo", "2.0.0", 200),
    "side100": ("side", "1.0.0", 100),
    "side110": ("side", "1.1.0", 110),
}

# A stand-in for a compiler driver: links by copying. The last -o counts, as link editors have it.
COMPILER = """#!/bin/sh
while [ $# -gt 0 ]; do
	case $1 in
	-o)
		shift
		[ "$1" != -Xlinker ] || shift
		out=$1
		;;
	esac
	shift
done
rm -f "$out"
exec cp "$SCENE_LIBRARY" "$out"
"""


def build_library(directory, base, version, number):
    """One that the dynamic linker can load, as small as can be."""
    os.makedirs(directory)
    real = "lib%s.so.%s" % (base, version)
    soname = "lib%s.so.%s" % (base, version.split(".", maxsplit=1)[0])
    function = "int %s_number(void)" % base
    source = "%s;\n%s\n{\n\treturn %d;\n}\n" % (function, function, number)
    path = os.path.join(directory, real)
    subprocess.run(["gcc", "-shared", "-fPIC", "-nostdlib", "-s", "-Wl,-z,noseparate-code",
                    "-Wl,-soname," + soname, "-o", path, "-x", "c", "-"],
                   input=source.encode(), check=True)
    os.chmod(path, 0o755)
    return Library(path, real)


def build_all(directory):
    """{name: Library} of LIBRARIES, in a new directory, and the path of the stand-in for a
    compiler."""
    made = {name: build_library(os.path.join(directory, name), *what)
            for name, what in LIBRARIES.items()}
    compiler = os.path.join(directory, "compiler")
    with open(compiler, "w", encoding="utf-8") as file:
        file.write(COMPILER)
    os.chmod(compiler, 0o755)
    return made, compiler


# A state of a directory: {name: "=LIBRARY" for a library, "+TEXT" for another file, or what a link
# says}. {dir} and {tree} in a text are filled in.
def chain(*names, real=()):
    """The last of the names has both links, linker name to soname to real name; all have their
    files. A name of `real` has its file only."""
    state = {}
    for name in (*real, *names):
        base, version, _ = LIBRARIES[name]
        state["lib%s.so.%s" % (base, version)] = "=" + name
    for name in names:
        base, version, _ = LIBRARIES[name]
        soname = "lib%s.so.%s" % (base, version.split(".", maxsplit=1)[0])
        state[soname] = "lib%s.so.%s" % (base, version)
        state["lib%s.so" % base] = soname
    return state


class Scene:
    """A row: what stands there, what is run, what stands there then.

    command:     words; {dir}, {bin} and the names of libraries are filled in
    environment: the same
    takes_away:  links go before the files that they lead to, and names may vanish
    own_calls:   what children of the command do is not looked at
    failure:     the exit status when it could not work
    makes_directory: there is none to begin with
    leaves:      a pattern of names that may be there afterwards as well
    peer:        somebody else's command, which is only measured
    """

    def __init__(self, name, before, after, command, **options):
        self.name, self.before, self.after, self.command = name, before, after, command.split()
        self.environment = options.get("environment", {})
        self.takes_away = options.get("takes_away", False)
        self.own_calls = options.get("own_calls", False)
        self.failure = options.get("failure", 3)
        self.makes_directory = options.get("makes_directory", False)
        self.leaves = options.get("leaves", "")
        self.peer = options.get("peer", False)
        self.needs_build = False

    def varies(self):
        """Has it variants: does it prepare a file, and may it be told to sync?"""
        return "--{sync}" in self.command

    def __repr__(self):
        return self.name


CC = {"SOV_CC": "{compiler}"}
INSTALL = "{bin}/sov install --{sync} "

# A manifest may lie anywhere, where there is no lock to work under: a temporary name of a killed
# run is taken away by the first run that finds it more than an hour old.
RANDOM = ".sov-" + "[0-9a-f]" * 16
MANIFEST = "+/usr/lib/libdemo.so.1.1.0\n/usr/lib/libdemo.so.1\n/usr/lib/libdemo.so\n"

BOTH = {**chain("demo100", "demo200"), "libdemo.so": "libdemo.so.1"}
OLDER = chain("demo100", real=["demo110"])
NEWEST = chain("demo110", real=["demo100"])

SCENES = [
    Scene("first", {}, chain("demo100"), INSTALL + "{demo100} {dir}"),
    Scene("first-directory", {}, chain("demo100"), INSTALL + "{demo100} {dir}",
          makes_directory=True),
    Scene("minor", chain("demo100"), NEWEST, INSTALL + "{demo110} {dir}"),
    Scene("major", chain("demo100"), BOTH, INSTALL + "{demo200} {dir}"),
    Scene("headers", chain("demo100"), chain("demo100", "demo200"),
          INSTALL + "--linker-name=soname {demo200} {dir}"),
    Scene("downgrade", chain("demo110"), chain("demo100", real=["demo110"]),
          INSTALL + "--allow-downgrade {demo100} {dir}"),
    Scene("same", chain("demo110"), chain("demo110"), INSTALL + "{demo110} {dir}"),
    Scene("rebuild", chain("demo110"), chain("demo110b"), INSTALL + "{demo110b} {dir}"),
    Scene("backup", chain("demo110"), chain("demo110b"),
          INSTALL + "--backup {demo110b} {dir}", leaves=".libdemo.so.1.1.0.~?~"),
    # strip(1) itself writes where nobody looks; what it makes of a stripped library is the same
    Scene("strip", chain("demo100"), NEWEST, INSTALL + "--strip {demo110} {dir}",
          environment={"STRIP": "true"}, own_calls=True),
    Scene("manifest", chain("demo100"), {**NEWEST, "manifest": MANIFEST},
          INSTALL + "--root {tree} --manifest {dir}/manifest {demo110} /usr/lib",
          leaves=RANDOM),
    Scene("below-root", chain("demo100"), NEWEST, INSTALL + "--root {tree} {demo110} /usr/lib"),
    Scene("several", {**chain("demo100"), **chain("side100")},
          {**NEWEST, **chain("side110", real=["side100"])},
          INSTALL + "{demo110} {side110} {dir}"),
    Scene("uninstall", chain("demo110"), {}, INSTALL + "--uninstall {demo110} {dir}",
          takes_away=True),
    Scene("fall-back", NEWEST, chain("demo100"), INSTALL + "--uninstall {demo110} {dir}",
          takes_away=True),
    Scene("by-manifest", {**chain("demo110"), "manifest": MANIFEST}, {"manifest": MANIFEST},
          INSTALL + "--uninstall --manifest {dir}/manifest --root {tree}", takes_away=True),
    Scene("links", OLDER, NEWEST, "{bin}/sov links {dir}"),
    Scene("links-new", {"libdemo.so.1.0.0": "=demo100"}, chain("demo100"),
          "{bin}/sov links --linker-names {dir}"),
    Scene("prune", NEWEST, chain("demo110"),
          "{bin}/sov prune --yes --root={tree} --ignore-unreadable /usr/lib", takes_away=True),
    Scene("sovcc", chain("demo100"), NEWEST, "{bin}/sovcc -shared -o {dir}/libdemo.so demo.o",
          environment={**CC, "SOV_VERSION": "1.1.0", "SCENE_LIBRARY": "{demo110}"},
          own_calls=True, failure=1),
    Scene("sovcc-first", {}, chain("demo100"), "{bin}/sovcc -shared -o {dir}/libdemo.so demo.o",
          environment={**CC, "SOV_VERSION": "1.0.0", "SCENE_LIBRARY": "{demo100}"},
          own_calls=True, failure=1),
]


class Stage:
    """Where scenes are played: one directory, the libraries, and the programs."""

    def __init__(self, directory, libraries, words, sync="sync"):
        """words: what rows may say in braces, beside the libraries: bin, compiler ..."""
        self.directory, self.libraries = directory, libraries
        self.words = {name: library.path for name, library in libraries.items()}
        self.words.update({name + "_real": library.real for name, library in libraries.items()})
        self.words.update(words, dir=directory, sync=sync)

    def fill_in(self, text):
        return text.format_map(self.words)

    def command(self, scene):
        return [self.fill_in(word) for word in scene.command]

    def environment(self, scene):
        extra = {key: self.fill_in(text) for key, text in scene.environment.items()}
        # LeakSanitizer does not work in a process that is traced.
        asan = os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0"
        return {**os.environ, "ASAN_OPTIONS": asan, **extra}

    def lay(self, scene):
        """Make the directory what a scene begins with, from nothing."""
        empty(self.directory)
        if scene.makes_directory:
            os.rmdir(self.directory)
        self.fill(scene.before)

    def fill(self, state):
        for name, what in state.items():
            path = os.path.join(self.directory, name)
            if what[0] not in "=+":
                os.symlink(what, path)
                continue
            with open(path, "wb") as file:
                file.write(self.bytes_of(what))
            os.chmod(path, 0o755)

    def bytes_of(self, what):
        if what.startswith("+"):
            return self.fill_in(what[1:]).encode()
        with open(self.libraries[what[1:]].path, "rb") as file:
            return file.read()

    def reached(self, state):
        """{name: SHA-256 of what opening it gives}"""
        shas = {}
        for name, what in state.items():
            while what[0] not in "=+":
                what = state[what]
            shas[name] = hashlib.sha256(self.bytes_of(what)).hexdigest()
        return shas

    def expectation(self, scene):
        names = {**scene.before, **scene.after}
        links = [name for name, what in names.items() if what[0] not in "=+"]
        chains = collections.defaultdict(list)
        for name in sorted(names, key=lambda name: rank(name, links)):
            chains[name.split(".so")[0]].append(name)
        order = reversed if scene.takes_away else list
        return judge.Expectation(self.reached(scene.before), self.reached(scene.after),
                                 [list(order(names)) for names in chains.values()], links,
                                 ignored=scene.leaves)


def rank(name, links):
    """In which order names are published: real names, sonames, linker names."""
    return 0 if name not in links else 2 if name.endswith(".so") else 1


def empty(directory):
    os.makedirs(directory, exist_ok=True)
    for entry in os.scandir(directory):
        if entry.is_dir(follow_symlinks=False):
            empty(entry.path)
            os.rmdir(entry.path)
        else:
            os.unlink(entry.path)
