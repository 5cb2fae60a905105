"""Exam packs and the codes of their examiners."""

import secrets

from examrunner.service.context import Service
from examrunner.service.identifiers import new_examiner_code
from examrunner.service.messages import PackRequest, PacksMessage
from examrunner.service.refusals import UnusableError
from examrunner.wire import PackExaminer, examiner_code_digest


def issue_packs(
    service: Service, exam: str, request: PackRequest, *, by: str
) -> PacksMessage:
    """A signed pack for each station of an exam.

    Raises:
        UnknownError: If there is no such exam, or nothing of it is left.
        UnusableError: If the pack would never be good.
    """
    if not service.clock() < request.not_after > request.not_before:
        raise UnusableError(
            "the pack would never be good.",
            where="not_after",
            remedy="Name an end that lies after the beginning and after now.",
        )
    codes = {name: new_examiner_code() for name in request.examiners}
    examiners = [_examiner(name, code) for name, code in codes.items()]
    packs = service.store.packs.issue(exam, request, examiners, by=by)
    return PacksMessage(packs=packs, codes=codes)


def _examiner(name: str, code: str) -> PackExaminer:
    salt = secrets.token_hex(16)
    digest = examiner_code_digest(code, salt)
    return PackExaminer(name=name, salt=salt, digest=digest)
