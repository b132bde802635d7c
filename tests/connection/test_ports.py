import socket

import pytest

from connection.ports import LOOPBACK, PortTaken, claim, free_port


@pytest.mark.parametrize("host", [LOOPBACK, "0.0.0.0"])
def test_a_port_that_something_listens_on_is_taken(host: str) -> None:
    with socket.create_server((host, 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(PortTaken) as refusal:
            claim(port, "the console", "CASEREVIEW_CONSOLE_PORT")
    assert str(refusal.value) == (
        f"Port {port} for the console is taken by another program; stop that program or set "
        "CASEREVIEW_CONSOLE_PORT to a free port."
    )
    assert (refusal.value.port, refusal.value.what) == (port, "the console")


def test_a_port_bound_without_listening_is_taken() -> None:
    with socket.socket() as other:
        other.bind((LOOPBACK, 0))
        with pytest.raises(PortTaken):
            claim(other.getsockname()[1], "the console", "CASEREVIEW_CONSOLE_PORT")


@pytest.mark.parametrize("unset", [0, None])
def test_no_port_means_any_free_one(unset: int | None) -> None:
    port = claim(unset, "the console", "CASEREVIEW_CONSOLE_PORT")
    assert claim(port, "the console", "CASEREVIEW_CONSOLE_PORT") == port


def test_a_port_just_released_is_free() -> None:
    port = free_port()
    with (
        socket.create_server((LOOPBACK, port)) as server,
        socket.create_connection((LOOPBACK, port)) as caller,
    ):
        accepted, _ = server.accept()
        accepted.close()
        caller.recv(1)
    assert claim(port, "the console", "CASEREVIEW_CONSOLE_PORT") == port
