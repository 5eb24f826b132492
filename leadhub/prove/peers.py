"""Who is at the other end of a connection on this machine, and its death (F25: a row that kills whoever takes it)."""

import psutil  # type: ignore[import-untyped]


def kill_peer(port: int) -> bool:
    """SIGKILL to the process whose end of a loopback connection has this port, where it is a child of this proof."""
    for process in psutil.Process().children(recursive=True):
        try:
            if any(line.laddr and line.laddr[1] == port for line in process.net_connections("tcp")):
                process.kill()
                return True
        except psutil.Error:  # gone already
            continue
    return False
