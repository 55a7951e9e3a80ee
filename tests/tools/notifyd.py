#!/usr/bin/python3
"""A desktop's notification server for tests, by libdbus (Debian: python3-dbus, python3-gi, which only the system's own python3
knows), on the bus of DBUS_SESSION_BUS_ADDRESS. Each notification that it shows is a JSON line on standard output; before them
stands one that says it is there. It ends when its standard input does. The lines there are orders, and it says when it has taken one: `stall` (answers no more),
`go on` (answers what has waited, and what comes), `cut N` (shows the next N and ends its connection to the bus before it
answers), `refuse N` (answers the next N with an error)."""

import argparse
import json
import os
import sys

import dbus
import dbus.mainloop.glib
import dbus.service
from gi.repository import GLib

NAME, PATH = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"


class Full(dbus.DBusException):
    _dbus_error_name = "org.freedesktop.Notifications.Error.ExcessNotificationGeneration"


class Server(dbus.service.Object):
    def __init__(self, bus, capabilities, first):
        super().__init__(bus, PATH)
        self.capabilities, self.next = capabilities, first
        self.stalled, self.waiting, self.refusals, self.cuts = False, [], 0, 0

    @dbus.service.method(NAME, in_signature="", out_signature="as")
    def GetCapabilities(self):
        return dbus.Array(self.capabilities, signature="s")

    @dbus.service.method(NAME, in_signature="", out_signature="ssss")
    def GetServerInformation(self):
        return "notifyd.py", "tidings", "1", "1.2"

    @dbus.service.method(NAME, in_signature="susssasa{sv}i", out_signature="u", async_callbacks=("answer", "fail"), byte_arrays=False)
    def Notify(self, app, replaces, icon, summary, body, actions, hints, expire, answer, fail):
        if self.refusals > 0:
            self.refusals -= 1
            fail(Full("there are too many on the screen"))
            return
        number = int(replaces)
        if number == 0:
            number, self.next = self.next, self.next + 1
        hints = {str(k): int(v) if isinstance(v, (dbus.Byte, dbus.UInt32, dbus.Int32)) else str(v) for k, v in hints.items()}
        print(json.dumps({"app": str(app), "id": number, "replaces": int(replaces), "icon": str(icon), "summary": str(summary), "body": str(body),
                          "actions": [str(a) for a in actions], "hints": hints, "expire": int(expire)}), flush=True)
        if self.cuts > 0:
            self.cuts -= 1
            os._exit(0)
        elif self.stalled:
            self.waiting.append((answer, number))
        else:
            answer(dbus.UInt32(number))

    def order(self, line):
        words = line.split()
        if words == ["stall"]:
            self.stalled = True
        elif words == ["go", "on"]:
            self.stalled = False
            for answer, number in self.waiting:
                answer(dbus.UInt32(number))
            self.waiting.clear()
        elif words[0] == "cut":
            self.cuts = int(words[1])
        elif words[0] == "refuse":
            self.refusals = int(words[1])


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--capabilities", default="body")
    p.add_argument("--first", type=int, default=1, help="the number of the first notification")
    a = p.parse_args()
    dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
    bus = dbus.SessionBus()
    server = Server(bus, a.capabilities.split(), a.first)
    name = dbus.service.BusName(NAME, bus, do_not_queue=True)
    print(json.dumps({"name": name.get_name()}), flush=True)
    loop = GLib.MainLoop()

    def on_lines(channel, condition):
        lines = os.read(channel, 4096).decode()
        for line in lines.splitlines():
            server.order(line)
            print(json.dumps({"order": line}), flush=True)
        if lines == "":
            loop.quit()
        return lines != ""

    GLib.io_add_watch(sys.stdin.fileno(), GLib.IO_IN | GLib.IO_HUP, on_lines)
    loop.run()


main()
