"""An answer that drips is cut off as one that never comes is (quality.md R11, F15)."""

import smtplib
import socket
import threading
import time

import pytest

from outbox.line import PunctualLine

from .mail_server import MailServer, free_port


def test_an_answer_is_waited_for_as_long_as_allowed_in_all_and_no_longer() -> None:
    with socket.create_server(("127.0.0.1", free_port())) as server:
        threading.Thread(target=_drip, args=[server], daemon=True).start()
        began = time.monotonic()
        with pytest.raises(smtplib.SMTPServerDisconnected):
            PunctualLine(*server.getsockname(), timeout=0.3)
    assert time.monotonic() - began < 4  # 40 bytes would have taken longer


def test_answers_of_several_lines_are_read_whole(smtp: MailServer) -> None:
    with PunctualLine("127.0.0.1", smtp.port, timeout=5) as line:
        assert line.ehlo()[0] == 250
        assert "size" in line.esmtp_features
        assert line.noop()[0] == 250


def _drip(server: socket.socket) -> None:
    line, _peer = server.accept()
    with line:
        for byte in b"220 welcome to the slowest of all servers\r\n":
            try:
                line.send(bytes([byte]))
            except OSError:
                return
            time.sleep(0.1)
