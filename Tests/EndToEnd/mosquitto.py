"""A broker of MQTT for tests: Mosquitto, which may be killed and started again with what it holds."""

import signal
import socket
import subprocess

from own_services import free_port
from waiting import wait_until


class Mosquitto:
    def __init__(self, folder):
        self.port = free_port()
        self.address = f"127.0.0.1:{self.port}"
        self._configuration = folder / "mosquitto.conf"
        self._log = folder / "mosquitto.log"
        self._configuration.write_text(
            f"listener {self.port} 127.0.0.1\nallow_anonymous true\npersistence true\n"
            f"persistence_location {folder}/\nmax_queued_messages 0\nuser root\nlog_type all\n")
        self.start()

    def start(self):
        with open(self._log, "ab") as log:
            self.process = subprocess.Popen(
                ["/usr/sbin/mosquitto", "-c", self._configuration], stdout=log, stderr=log)
        wait_until(self._answers, "the broker to listen")

    def stop(self):
        """Ends the broker, which keeps its sessions and messages in a file."""
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(30) == 0

    def send(self, topic, *messages):
        """Sends messages of one line each, and returns when the broker has them."""
        subprocess.run(
            ["mosquitto_pub", "-V", "5", "-p", str(self.port), "-q", "1", "-t", topic, "-l"],
            input="".join(f"{message}\n" for message in messages), text=True, check=True, timeout=120)

    def logged(self, text):
        """How often the broker has logged a text."""
        return self._log.read_text(errors="replace").count(text)

    def _answers(self):
        assert self.process.poll() is None, self._log.read_text()
        with socket.socket() as client:
            return client.connect_ex(("127.0.0.1", self.port)) == 0

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
