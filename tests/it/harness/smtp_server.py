"""A mail server for tests, on aiosmtpd: prints its port, then a JSON object for each mail; ends with its input.

Arguments: how TLS begins (starttls, immediate, none), the user, the password, the files of certificate and key.
"""

import asyncio
import email.policy
import json
import logging
import ssl
import sys
from email import message_from_bytes

from aiosmtpd.smtp import SMTP, AuthResult

logging.getLogger("mail.log").setLevel(logging.CRITICAL)
HOW, USER, PASSWORD, CERTIFICATE, KEY = sys.argv[1:]


def say(line):
    print(line, flush=True)


class Desk:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody@"):
            return "550 5.1.1 no such mailbox"
        if address.startswith("later@"):
            return "451 4.2.1 come again"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        mail = message_from_bytes(envelope.content, policy=email.policy.default)
        say(json.dumps({
            "encrypted": session.ssl is not None or HOW == "immediate",
            "login": session.auth_data if session.authenticated else None,
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "headers": [[name, str(value)] for name, value in mail.items()],
            "body": mail.get_content(),
        }))
        return "250 OK"


def authenticate(server, session, envelope, mechanism, data):
    success = data.login == USER.encode() and data.password == PASSWORD.encode()
    return AuthResult(success=success, handled=False, auth_data=data.login.decode())


async def main():
    loop = asyncio.get_running_loop()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if HOW != "none":
        context.load_cert_chain(CERTIFICATE, KEY)

    def session():
        return SMTP(
            Desk(),
            hostname="localhost",
            enable_SMTPUTF8=True,
            tls_context=context if HOW == "starttls" else None,
            require_starttls=HOW == "starttls",
            authenticator=authenticate if USER else None,
            auth_required=bool(USER),
            auth_require_tls=HOW == "starttls",
            loop=loop,
        )

    server = await loop.create_server(
        session, "127.0.0.1", 0, ssl=context if HOW == "immediate" else None
    )
    say("port=%d" % server.sockets[0].getsockname()[1])
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


asyncio.run(main())
