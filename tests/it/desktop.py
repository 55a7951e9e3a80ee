"""A message bus of our own and a desktop's notification server on it, for the scenarios that need one."""

import json
import os
import shutil
import subprocess

from harness import BUILD, SOURCE, Skip, wait_for

CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={path}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


def needs_dbus():
    if "#define HAVE_LIBSYSTEMD 1" not in (BUILD / "config.h").read_text():
        raise Skip("built without libsystemd")


class Bus:
    """dbus-daemon on a socket in the world's directory; ended with the test."""

    def __init__(self, world):
        needs_dbus()
        if shutil.which("dbus-daemon") is None:
            raise Skip("there is no dbus-daemon (Debian: dbus-daemon)")
        if subprocess.run(["/usr/bin/python3", "-c", "import dbus.service, gi.repository.GLib"], capture_output=True).returncode != 0:
            raise Skip("python3-dbus or python3-gi is not installed")
        self.world, self.path, self.servers = world, world.dir / "bus", []
        self.config = world.dir / "bus.conf"
        self.config.write_text(CONFIG.format(path=self.path))
        self.start()

    def start(self):
        self.path.unlink(missing_ok=True)
        with open(self.world.dir / "bus.log", "ab") as log:
            self.process = subprocess.Popen(["dbus-daemon", "--config-file", self.config, "--nofork", "--nopidfile"],
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        wait_for(self.path.exists, "the bus listens")

    def stop(self):
        self.process.kill()
        self.process.wait()

    def server(self, *options):
        server = Server(self, *options)
        self.servers.append(server)
        return server

    def close(self):
        for server in self.servers:
            server.stop()
        self.stop()

    def __enter__(self):
        return self

    def __exit__(self, *what):
        self.close()


class Server:
    """tests/tools/notifyd.py; what it showed is in shown()."""

    def __init__(self, bus, *options):
        self.path = bus.world.dir / f"shown.{len(bus.servers)}"
        self.log = bus.world.dir / "notifyd.log"
        with open(self.path, "wb") as out, open(self.log, "ab") as log:
            self.process = subprocess.Popen(["/usr/bin/python3", SOURCE / "tests/tools/notifyd.py", *options], stdin=subprocess.PIPE, stdout=out, stderr=log,
                                            env={**os.environ, "DBUS_SESSION_BUS_ADDRESS": f"unix:path={bus.path}"})
        wait_for(self.lines, "the notification server has its name")

    def lines(self):
        if self.process.poll() not in (None, 0):
            raise AssertionError(self.log.read_text())
        return [json.loads(line) for line in self.path.read_text().splitlines(keepends=True) if line.endswith("\n")]

    def shown(self):
        return [line for line in self.lines() if "summary" in line]

    def order(self, line):
        taken = sum("order" in line for line in self.lines())
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()
        wait_for(lambda: sum("order" in line for line in self.lines()) > taken, "the notification server takes the order")

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
