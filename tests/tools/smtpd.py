#!/usr/bin/python3
"""A mail server for tests: aiosmtpd (Debian: python3-aiosmtpd, which only the system's own python3 knows). Each mail that it
takes is a JSON line on standard output; before them stands one with the port. It ends when its standard input does."""

import argparse
import asyncio
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult


class Keep:
    async def handle_DATA(self, server, session, envelope):
        print(json.dumps({"from": envelope.mail_from, "to": envelope.rcpt_tos, "tls": session.ssl is not None, "login": session.authenticated,
                          "mail": envelope.original_content.decode("ascii", "backslashreplace")}), flush=True)
        return "250 taken"


async def serve(options):
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Keep(), hostname="mail.example", **options), "127.0.0.1", 0)
    print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
    await loop.run_in_executor(None, sys.stdin.buffer.read)
    server.close()


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--cert")
    p.add_argument("--key")
    p.add_argument("--login", help="user:password; nobody else may send")
    a = p.parse_args()
    options = {"decode_data": False}
    if a.cert:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(a.cert, a.key)
        options.update(tls_context=context, require_starttls=True)
    if a.login:
        user, password = a.login.encode().split(b":", 1)
        options.update(auth_required=True, auth_require_tls=bool(a.cert),
                       authenticator=lambda server, session, envelope, mechanism, data:
                       AuthResult(success=(data.login, data.password) == (user, password)))
    asyncio.run(serve(options))


main()
