"""Fetching a station's exam pack from the service."""

from contextlib import closing

from examrunner.agent.identity import Enrolment
from examrunner.delivery.service_client import ServiceClient
from examrunner.model.errors import DeliveryError


def fetched(enrolment: Enrolment) -> bytes:
    """The newest exam pack of this station, as it came.

    Raises:
        DeliveryError: If there is none, or the service cannot be reached.
    """
    with closing(ServiceClient(enrolment.service, token=enrolment.token)) as client:
        pack = client.pack(enrolment.station)
    if pack is None:
        raise DeliveryError(
            "the service has no exam pack for this station.",
            where=enrolment.service,
            remedy="Let the chief examiner issue packs for the exam.",
        )
    return pack.model_dump_json().encode()
