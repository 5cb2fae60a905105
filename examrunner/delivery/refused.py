"""What the service refuses for good."""

from examrunner.model.errors import DeliveryError


class RefusedError(DeliveryError):
    """The service understood and refuses for good."""
