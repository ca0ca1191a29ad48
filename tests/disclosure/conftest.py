import pytest
from hypothesis import settings

from gehoor.disclosure.policy import Policy, load

settings.register_profile("gate", deadline=None, max_examples=60, derandomize=True)
settings.load_profile("gate")


@pytest.fixture(scope="session")
def policy() -> Policy:
    return load()
