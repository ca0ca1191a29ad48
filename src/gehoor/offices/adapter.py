"""How allauth behaves here: staff get an account from the office, nobody signs up."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class StaffAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Closed to sign-up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: an operator or the office adds members."""
        return False
