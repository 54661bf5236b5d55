"""HTTP/2 with a library's frames, for clients that misbehave."""

import socket
import ssl
from urllib.parse import urlsplit

import h2.config
import h2.connection
import h2.errors
import h2.events
import h2.settings


class Connection:
    """One connection on which the test decides what is sent and granted."""

    def __init__(self, server, authority, **settings):
        """Opens the connection; the keys of `settings` are h2.settings.SettingCodes."""
        parts = urlsplit(server.url)
        context = ssl.create_default_context(cafile=authority)
        context.set_alpn_protocols(["h2"])
        plain = socket.create_connection((parts.hostname, parts.port), timeout=30)
        self.socket = context.wrap_socket(plain, server_hostname="localhost")
        assert self.socket.selected_alpn_protocol() == "h2"
        self.authority = parts.netloc
        self.h2 = h2.connection.H2Connection(h2.config.H2Configuration(client_side=True))
        self.h2.initiate_connection()
        self.h2.update_settings({h2.settings.SettingCodes[name]: value for name, value in settings.items()})
        self.flush()

    def flush(self):
        self.socket.sendall(self.h2.data_to_send())

    def request(self, path, method="GET", headers=None, body=None):
        """Begins a stream and returns its number. With a `body`, this is its beginning and the stream stays open."""
        stream = self.h2.get_next_available_stream_id()
        head = [(":method", method), (":scheme", "https"), (":authority", self.authority), (":path", path)]
        head += [(name.lower(), value) for name, value in (headers or {}).items()]
        self.h2.send_headers(stream, head, end_stream=body is None)
        if body is not None:
            self.h2.send_data(stream, body)
        self.flush()
        return stream

    def reset(self, stream):
        self.h2.reset_stream(stream, h2.errors.ErrorCodes.CANCEL)
        self.flush()

    def events(self):
        """The server's events until it closes the connection."""
        while data := self.socket.recv(1 << 16):
            yield from self.h2.receive_data(data)
            self.flush()

    def answer(self, stream):
        """Status and body of a stream, whatever else arrives meanwhile."""
        status, body = None, b""
        for event in self.events():
            if getattr(event, "stream_id", None) != stream:
                continue
            if isinstance(event, h2.events.ResponseReceived):
                status = int(dict(event.headers)[b":status"])
            elif isinstance(event, h2.events.DataReceived):
                body += event.data
                self.h2.acknowledge_received_data(event.flow_controlled_length, stream)
                self.flush()
            elif isinstance(event, h2.events.StreamEnded):
                return status, body
        raise AssertionError("the connection ended before the answer")

    def close(self):
        self.socket.close()
