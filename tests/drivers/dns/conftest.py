from tests.dns_fixtures import running, servers

__all__ = ["running", "servers"]
