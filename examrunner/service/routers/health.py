"""Whether the process runs and can do its work."""

from fastapi import APIRouter

from examrunner.service.access import ServiceDep

router = APIRouter(include_in_schema=False)


@router.get("/healthz")
def is_running() -> dict[str, bool]:
    """The process answers."""
    return {"running": True}


@router.get("/readyz")
def is_ready(service: ServiceDep) -> dict[str, bool]:
    """The store takes writes."""
    return {"ready": service.store.database.is_writable()}
