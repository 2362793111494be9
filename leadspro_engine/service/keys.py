"""API keys, managed by a key that holds the scope ``keys``; a key hands on no scope that it does not hold."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from msgspec import UNSET

from leadspro_engine.errors import InsufficientScope
from leadspro_engine.service.answers import KeyResponse, KeysResponse, KeyView, NewKeyResponse
from leadspro_engine.service.desk import Offer
from leadspro_engine.service.requests import instant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leadspro_engine.accounts import Key, NewKey
    from leadspro_engine.service.desk import Desk
    from leadspro_engine.service.requests import Empty, KeyChanges, KeyRequest, RotateRequest


def list_keys(desk: Desk, _request: Empty) -> Offer:
    """Every key of the workspace, the newest first."""
    now = desk.accounts.now()
    views = [key_view(key, now) for key in desk.accounts.registry.keys(desk.caller.workspace.id)]
    return Offer(answer=lambda meta: KeysResponse(keys=views, meta=meta))


def create_key(desk: Desk, request: KeyRequest) -> Offer:
    """A new key with its text, which is shown this once.

    Raises:
        InsufficientScope: it would have a scope that the caller's own key lacks.
        InvalidInput: it would have expired already.
    """
    _hand_on(desk, request.scopes)
    made = desk.accounts.registry.create_key(
        desk.caller.workspace.id,
        name=request.name,
        mode=request.mode,
        scopes=request.scopes,
        expires_at=instant("expires_at", request.expires_at),
    )
    return _new(desk, made)


def change_key(desk: Desk, request: KeyChanges, key_id: str) -> Offer:
    """The key as it is after the changes.

    Raises:
        InsufficientScope: it would have a scope that the caller's own key lacks.
        InvalidInput: it would have expired already.
        NotFound: the workspace has no such key.
    """
    changes = {
        field: value for field in request.__struct_fields__ if (value := getattr(request, field)) is not UNSET
    }
    if "expires_at" in changes:
        changes["expires_at"] = instant("expires_at", changes["expires_at"])
    _hand_on(desk, changes.get("scopes", ()))
    return _one(desk, desk.accounts.registry.change_key(desk.caller.workspace.id, key_id, changes))


def revoke_key(desk: Desk, _request: Empty, key_id: str) -> Offer:
    """The key, ended at once.

    Raises:
        NotFound: the workspace has no such key.
    """
    return _one(desk, desk.accounts.registry.revoke_key(desk.caller.workspace.id, key_id))


def rotate_key(desk: Desk, request: RotateRequest, key_id: str) -> Offer:
    """A new key in the place of an old one, which keeps working for the overlap.

    Raises:
        InsufficientScope: the old key has a scope that the caller's own key lacks.
        InvalidInput: the old key does not work any more.
        NotFound: the workspace has no such key.
    """
    registry, workspace_id = desk.accounts.registry, desk.caller.workspace.id
    _hand_on(desk, registry.key(workspace_id, key_id).scopes)
    return _new(desk, registry.rotate_key(workspace_id, key_id, dt.timedelta(hours=request.overlap_hours)))


def key_view(key: Key, now: dt.datetime) -> KeyView:
    """A key as callers see it."""
    return KeyView(
        id=key.id,
        name=key.name,
        mode=key.mode,
        hint=key.hint,
        scopes=list(key.scopes),
        status="active" if key.works(now) else "revoked" if key.revoked_at is not None else "expired",
        created_at=key.created_at,
        expires_at=key.expires_at,
        revoked_at=key.revoked_at,
        last_used_at=key.last_used_at,
    )


def _one(desk: Desk, key: Key) -> Offer:
    """The offer of one key."""
    view = key_view(key, desk.accounts.now())
    return Offer(answer=lambda meta: KeyResponse(key=view, meta=meta))


def _new(desk: Desk, made: NewKey) -> Offer:
    """The offer of a key just made."""
    view = key_view(made.key, desk.accounts.now())
    return Offer(answer=lambda meta: NewKeyResponse(key=view, token=made.token, meta=meta))


def _hand_on(desk: Desk, scopes: Sequence[str]) -> None:
    """Refuse scopes that the caller's own key lacks."""
    held = desk.caller.key.scopes
    for scope in scopes:
        if scope not in held:
            raise InsufficientScope(scope, held)
