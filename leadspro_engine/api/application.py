"""The WSGI callable: from a request to its response, in one fixed order of refusal.

404 route, 405 method, 413 body, 415 media type, 401 key, 403 scope, 429 rate, 403 plan, 400 parameters, 409
and 422 idempotency key, 403 quota; then the operation itself. Whatever happens, the response has a request
id and the security headers; what nobody foresaw becomes a 500 that says nothing of its cause.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import msgspec

from leadspro_engine import service
from leadspro_engine.accounts import Asked
from leadspro_engine.api import headers, pages, problems, routes
from leadspro_engine.api.draft import Draft
from leadspro_engine.api.request import Request
from leadspro_engine.api.response import Response, send
from leadspro_engine.api.route import JSON
from leadspro_engine.api.visit import ENDINGS, Visit, decoded, expect, kept, media_of
from leadspro_engine.errors import (
    BatchNotAvailable,
    InsufficientScope,
    RateLimited,
)
from leadspro_engine.privacy import SuppressionList
from leadspro_engine.service.answers import AnswerMeta

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from wsgiref.types import StartResponse, WSGIEnvironment

    from leadspro_engine.accounts import Accounts, Bill, Replay
    from leadspro_engine.api.access_log import Log
    from leadspro_engine.api.request import Stream
    from leadspro_engine.api.route import Route

_LOG = logging.getLogger("leadspro.api")


class Application:
    """The API over one data folder: a plain WSGI callable that threads may share."""

    def __init__(
        self, home: Path, accounts: Accounts, published: service.Published, log: Log | None = None
    ) -> None:
        self._home = home
        self._log = log
        self._accounts = accounts
        self._suppressions = SuppressionList(home)
        self._published = published
        self._files = service.JobFiles(home)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request, as PEP 3333 says."""
        request = Request.from_environ(environ)
        response = self.respond(request, environ["wsgi.input"])
        return send(response, start_response, head=request.method == "HEAD")

    def respond(self, request: Request, stream: Stream) -> Response:
        """The response to a request; never raises."""
        visit = Visit(request, stream, self._accounts.now())
        try:
            response = pages.find(request, visit.started_at) or self._operate(visit)
        except Exception as error:  # noqa: BLE001 - the edge: see the module's docstring
            response = self._refused(visit, error)
        told = () if visit.caller is None else headers.credit(visit.charged, visit.remaining)
        counted = () if visit.allowance is None else headers.rate_limit(visit.allowance)
        always = headers.always(response, request)
        response = response.with_headers(("X-Request-Id", visit.request_id), *told, *counted, *always)
        if self._log is not None:
            self._log.write(visit, response, self._accounts.now())
        return response

    def close(self) -> None:
        """Let go of the accounts and the dataset."""
        self._accounts.close()
        self._published.close()

    def _operate(self, visit: Visit) -> Response:
        """Let a request pass the checks in their order, then run its operation."""
        route, segments = routes.find(visit.request.method, visit.request.path)
        expect(visit.request, route)
        visit.engine = self._published.current()
        if route.scope is not None:
            self._admit(visit, route, route.scope)
        if not route.uploads:
            return self._carry_out(visit, route, segments, visit.content(route) if route.has_body else b"")
        upload = self._files.incoming(ENDINGS.get(media_of(visit.request), ".csv"))
        try:
            return self._carry_out(visit, route, segments, visit.store(route, upload), upload)
        finally:
            upload.unlink(missing_ok=True)

    def _carry_out(
        self,
        visit: Visit,
        route: Route,
        segments: tuple[str, ...],
        content: bytes,
        upload: Path | None = None,
    ) -> Response:
        """Run the operation of a request that may be made.

        ``content`` is what an idempotency key is bound to: the body, or what stands for an upload.
        """
        typed = decoded(visit.request, route, content)
        if visit.asked is not None and route.remembered:
            visit.asked = msgspec.structs.replace(visit.asked, request=kept(content))
        if (replay := self._claim(visit, route, content)) is not None:
            return self._replayed(visit, route, typed, replay)
        desk = self._desk(visit, upload=upload)
        costs = route.charges and not getattr(typed, "preview", False)
        if costs and self._accounts.credits_left(desk.caller) <= 0:
            raise service.out_of_credits(desk)
        offer = route.handler(desk, typed, *segments)
        if isinstance(offer, service.Download):
            self._read_balance(visit)
            named = ("Content-Disposition", f'attachment; filename="{offer.name}"')
            return Response(route.status, offer.media, b"", (named,), offer.file, offer.size)
        body = (
            self._told(visit, offer)
            if visit.asked is None
            else self._settled(visit, route, visit.asked, offer)
        )
        return Response(route.status, JSON, body)

    def _desk(self, visit: Visit, *, paid: int | None = None, upload: Path | None = None) -> service.Desk:
        """What the operation may use; ``paid`` are the credits of an answer that is made anew."""
        return service.Desk(
            self._home,
            self._accounts,
            self._suppressions,
            visit.engine,
            visit.caller,
            paid=paid,
            upload=upload,
        )

    def _replayed(self, visit: Visit, route: Route, typed: object, replay: Replay) -> Response:
        """A stored answer, given again as it was, unless somebody asked not to be shown since it was stored.

        Then it is made anew under its old bill, so that it shows nobody who is hidden and costs nothing more.
        """
        newest = self._suppressions.newest()
        body = replay.body
        self._read_balance(visit)
        if route.charges and newest is not None and newest >= (replay.stored_at or newest):
            shown = msgspec.json.decode(replay.body, type=_Stored).meta.credits_used
            offer = route.handler(self._desk(visit, paid=shown), typed)
            assert isinstance(offer, service.Offer)  # downloads are free
            paid = min(shown, len(offer.ids))
            body = msgspec.json.encode(offer.answer(_meta(visit, paid, visit.remaining)))
        return Response(replay.status, JSON, body, (("Idempotent-Replayed", "true"),))

    def _admit(self, visit: Visit, route: Route, scope: str) -> None:
        """Find out who asks, whether they may, and whether it is not too often."""
        caller = visit.caller = self._accounts.authenticate(visit.token())
        if scope not in caller.key.scopes:
            visit.allowance = self._accounts.allowance(caller)  # told, though nothing is counted
            raise InsufficientScope(scope, caller.key.scopes)
        visit.allowance = self._accounts.take(caller)
        if not visit.allowance.allowed:
            raise RateLimited(visit.allowance.limit, visit.allowance.reset_s)
        if route.method != "GET":
            visit.asked = Asked(visit.request_id, route.operation, visit.dataset_version, visit.started_at)
        if (route.batch and not caller.plan.batch) or (route.uploads and not caller.plan.job_rows):
            raise BatchNotAvailable(caller.plan.name)

    def _claim(self, visit: Visit, route: Route, content: bytes) -> Replay | None:
        """Hold the request's idempotency key, if it has one, or find the answer that is stored under it."""
        claim = visit.claim(content, required=route.key_required) if route.replayable else None
        if claim is None or visit.caller is None or visit.asked is None:
            return None
        replay = self._accounts.claim(visit.caller, claim, visit.request_id)
        if replay is None:
            visit.asked = msgspec.structs.replace(visit.asked, claim=claim)
        else:
            visit.asked = None  # nothing is charged and nothing new is shown
        return replay

    def _settled(self, visit: Visit, route: Route, asked: Asked, offer: service.Offer) -> bytes:
        """The answer, paid for and on record."""
        caller = visit.caller
        assert caller is not None

        draft = Draft(offer, _meta(visit, offer.price, None))

        def answer(bill: Bill) -> bytes:
            return draft.body(_meta(visit, bill.credits, bill.remaining))

        body, bill = self._accounts.settle(
            caller, asked, offer.ids, answer, status=route.status, flat=offer.flat
        )
        visit.charged, visit.remaining = bill.credits, bill.remaining
        return body

    def _told(self, visit: Visit, offer: service.Offer) -> bytes:
        """The answer to a question that leaves no record."""
        self._read_balance(visit)
        return msgspec.json.encode(offer.answer(_meta(visit, 0, visit.remaining)))

    def _read_balance(self, visit: Visit) -> None:
        """Look up what is left of the month, for callers with a key."""
        if visit.caller is not None and visit.remaining is None:
            visit.remaining = self._accounts.balance(visit.caller).remaining

    def _refused(self, visit: Visit, error: Exception) -> Response:
        """The problem document of an error; on record when the request got as far as being one."""
        code = problems.code_of(error)
        if code == "internal_error":
            _LOG.error("request %s failed", visit.request_id, exc_info=error)
        try:
            if visit.asked is not None and visit.caller is not None:
                status = problems.REFUSALS[code].status
                bill = self._accounts.refuse(visit.caller, visit.asked, status=status, code=code)
                visit.remaining = bill.remaining
            self._read_balance(visit)
        except Exception as second:  # noqa: BLE001 - a refusal is told, even when it cannot be recorded
            _LOG.error("request %s has no record", visit.request_id, exc_info=second)
        return problems.response(error, _meta(visit, 0, visit.remaining))


def _meta(visit: Visit, charged: int, remaining: int | None) -> AnswerMeta:
    """What an answer says of itself."""
    return AnswerMeta(visit.request_id, charged, remaining, visit.dataset_version)


class _Stored(msgspec.Struct, frozen=True):
    """What is read of a stored answer: its bill."""

    meta: AnswerMeta
