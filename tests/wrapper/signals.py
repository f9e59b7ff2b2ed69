#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Send a signal to a running sovcc once its compiler is up, and print how both ended.

Usage: signals.py SIGNAL SECONDS COMMAND...
The compiler must write its process id to ./compiler.pid. Prints "exit N", "signal N" or, after
SECONDS, "still running", in which case everything is killed.
"""

import os
import signal
import subprocess
import sys
import time


def wait_for(path, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            with open(path, encoding="ascii") as file:
                text = file.read()
            if text.endswith("\n"):
                return int(text)
        except FileNotFoundError:
            pass
        time.sleep(0.01)
    sys.exit("the compiler did not start")


def main():
    number = getattr(signal, "SIG" + sys.argv[1])
    patience = float(sys.argv[2])
    with subprocess.Popen(sys.argv[3:]) as child:
        compiler = wait_for("compiler.pid", 10)
        os.kill(child.pid, number)
        try:
            code = child.wait(patience)
        except subprocess.TimeoutExpired:
            print("still running")
            for pid in {child.pid, compiler}:
                os.kill(pid, signal.SIGKILL)
            return
        print(f"exit {code}" if code >= 0 else f"signal {-code}")


main()
