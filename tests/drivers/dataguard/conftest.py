from tests.dataguard_fixtures import stand_in

__all__ = ["stand_in"]
