"""ClickHouse's HTTP interface over chdb: one query at a time, streamed in blocks, stopped when the client goes away.

All requests share one session, so USE holds until the next USE or the next request that names a database.
"""

import re
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from chdb import session

engine = session.Session(sys.argv[1])
turn = threading.Lock()


def identifier(name):
    return "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`"


def greeting(*columns):
    """A block in the newest native format, which the client's greeting is read in. It tells the revision 0: all that
    follows is in the oldest, which chdb writes."""

    def text(value):
        return bytes([len(value)]) + value.encode()

    body = bytes([1, 0, 2, 255, 255, 255, 255, 0, len(columns), 1])  # about the block; columns; rows
    for kind, value in columns:
        body += text("c") + text(kind) + b"\0" + value
    return body


GREETING = greeting(("String", b"\4chdb"), ("String", b"\x0626.9.2"), ("UInt32", bytes(4)), ("String", b"\3UTC"))


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.answer(200, b"Ok.\n")

    def do_POST(self):
        sql = self.rfile.read(int(self.headers["Content-Length"])).decode()
        parameters = {name: values[-1] for name, values in parse_qs(urlsplit(self.path).query).items()}
        if sql.startswith("SELECT displayName(), version(), revision(), timezone()"):
            return self.answer(200, GREETING)
        with turn:
            try:
                if "database" in parameters:
                    engine.query("USE " + identifier(parameters["database"]))
                if not re.match(r"\s*(--.*\n\s*)*(\(|SELECT|WITH|SHOW|DESC)", sql, re.IGNORECASE):
                    engine.query(sql)
                    return self.answer(200, b"")
                self.stream(engine.send_query(sql, "Native"))
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True
            except Exception as refused:
                text = str(refused)
                self.answer(500, text[text.find("Code: "):].encode(), ("X-ClickHouse-Exception-Code", "1"))

    def stream(self, blocks):
        """The first block is awaited before the headers are sent: most errors show until then."""
        with blocks:
            first = self.next(blocks)
            self.send_response(200)
            self.send_header("Transfer-Encoding", "chunked")
            self.send_header("X-ClickHouse-Format", "Native")
            self.end_headers()
            while first:
                self.wfile.write(b"%x\r\n%s\r\n" % (len(first), first))
                first = self.next(blocks)
            self.wfile.write(b"0\r\n\r\n")

    @staticmethod
    def next(blocks):
        block = blocks.fetch()
        return block.bytes() if block is not None else b""

    def answer(self, status, body, *headers):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


ThreadingHTTPServer(("127.0.0.1", int(sys.argv[2])), Handler).serve_forever()
