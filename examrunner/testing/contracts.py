"""What a driver contract is made of: claims that are called one by one."""


class BrokenContractError(AssertionError):
    """A driver does not keep a promise that stations rely on."""


def require(holds: bool, promise: str) -> None:
    """Fails with the promise that was broken."""
    if not holds:
        raise BrokenContractError(promise)
