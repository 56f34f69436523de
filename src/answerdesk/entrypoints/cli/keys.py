"""`answerdesk keys …`: API keys, and the secret keys that seal stored secrets."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from answerdesk.accounts.api_keys import service as api_keys
from answerdesk.accounts.api_keys.types import API_KEY_PREFIX, KeyPrefix, key_hash, prefix_of
from answerdesk.accounts.endpoints.api_keys import ApiKeyIn, ApiKeyOut
from answerdesk.accounts.errors import key_not_found
from answerdesk.accounts.secrets.service import left_to_reseal, reseal_all
from answerdesk.accounts.secrets.sharing import adopt, join_installation, keep_newest
from answerdesk.bootstrap import Administration
from answerdesk.bootstrap.storage import node_keys
from answerdesk.core import faults
from answerdesk.core.crypto import Sealer, load_secret_keys, new_secret_key, save_secret_keys
from answerdesk.core.errors import Conflict, InvalidInput
from answerdesk.core.tenancy import AccountId, parse_public_id
from answerdesk.entrypoints.cli.account import (
    Shown,
    find_account,
    operator_of,
    run_administering,
)
from answerdesk.entrypoints.cli.output import one_line, write_note
from answerdesk.entrypoints.cli.table import write_table

_MOST_KEYS = 10_000


@dataclass(frozen=True, slots=True)
class Wish:
    """A new key's properties, as typed."""

    name: str
    scopes: Sequence[str]
    prefix: KeyPrefix
    projects: Sequence[str] | None
    expires: datetime | None


def run_list(account: str | None, *, as_json: bool) -> None:
    async def work(administration: Administration) -> Shown:
        account_id = await _account(administration, account)
        async with administration.database.transaction(account_id) as session:
            found = await api_keys.list_keys(session, limit=_MOST_KEYS)
        return {"keys": [ApiKeyOut.of(key).model_dump(mode="json") for key in found]}

    run_administering(work, lambda shown: _write_keys(shown["keys"]), as_json=as_json)


def run_create(account: str | None, wish: Wish, *, as_json: bool) -> None:
    async def work(administration: Administration) -> Shown:
        account_id = await _account(administration, account)
        asked = _checked(wish)
        async with administration.database.transaction(account_id) as session:
            caller = operator_of(account_id)
            made, key = await api_keys.create_key(session, caller, asked.wish())
        return {**ApiKeyOut.of(made).model_dump(mode="json"), "key": key}

    def write(shown: Shown) -> None:
        write_note("The key is shown only this once:")
        sys.stdout.write(f"{shown['key']}\n")

    run_administering(work, write, as_json=as_json)


def run_revoke(account: str | None, wanted: str, *, as_json: bool) -> None:
    """Revoke a key given by its id or by itself, and exit."""

    async def work(administration: Administration) -> Shown:
        database = administration.database
        account_id = await _account(administration, account)
        key_id = parse_public_id(API_KEY_PREFIX, wanted)
        if prefix_of(wanted) is not None:
            # A person who found a leaked key has only the key itself.
            known = await api_keys.find_key(database, key_hash(wanted))
            if known is None:
                raise key_not_found()
            account_id, key_id = known.account_id, known.id
        if key_id is None:
            raise key_not_found()
        async with database.transaction(account_id) as session:
            await api_keys.revoke_key(session, operator_of(account_id), key_id)
        return {"id": f"{API_KEY_PREFIX}_{key_id.hex}", "revoked": True}

    run_administering(work, lambda shown: write_note(f"Revoked {shown['id']}."), as_json=as_json)


def run_rotate(*, forget_old: bool, as_json: bool) -> None:
    """Reseal stored secrets with a new key, or forget the older keys, and exit."""

    async def work(administration: Administration) -> Shown:
        if forget_old:
            return await _forget_old(administration)
        sealer = _begin(administration)
        keys = node_keys(administration.settings, sealer)
        await join_installation(administration.database, keys)
        tty = sys.stderr.isatty() and not as_json

        def progress(done: int, total: int) -> None:
            if tty:
                sys.stderr.write(f"\rResealed: {done} of {total}" + "\n" * (done == total))

        done = await reseal_all(administration.database, sealer, progress)
        await keep_newest(administration.database, sealer)
        return {"key_id": sealer.key_id, "resealed": done, "keys": list(sealer.key_ids)}

    def write(shown: Shown) -> None:
        if forget_old:
            write_note(f"Forgot {shown['forgotten']} older keys; {shown['key_id']} is left.")
            return
        write_note(f"{shown['resealed']} secrets were resealed with the key {shown['key_id']}.")
        if len(shown["keys"]) > 1:
            write_note(
                "Older keys still open what they have sealed and signed. Restart every node, then "
                "remove them with `answerdesk keys rotate --forget-old` or from "
                "ANSWERDESK_SECRET_KEYS."
            )

    run_administering(work, write, as_json=as_json)


def run_adopt(*, as_json: bool) -> None:
    async def work(administration: Administration) -> Shown:
        sealer = administration.sealer
        closed = await adopt(administration.database, administration.keys_of_node())
        return {"key_id": sealer.key_id, "keys": list(sealer.key_ids), "secrets_lost": closed}

    def write(shown: Shown) -> None:
        write_note(
            "This node's owner key and secret keys are the installation's now. Give them to every "
            "other node and restart it. People who logged in under another key must log in again."
        )
        if shown["secrets_lost"]:
            write_note(
                f"{shown['secrets_lost']} stored secrets are sealed with other keys. To open them, "
                "add those keys after the newest one; otherwise set the secrets again."
            )

    run_administering(work, write, as_json=as_json, with_any_keys=True)


def _begin(administration: Administration) -> Sealer:
    """Return a sealer with a new newest key, or with that of an unfinished rotation.

    Keys from ANSWERDESK_SECRET_KEYS are used as they are.
    """
    settings = administration.settings
    if settings.secret_keys is not None:
        return administration.sealer
    keys = load_secret_keys(settings.data_dir)
    if len(keys) == 1:
        keys = (new_secret_key(), *keys)
        save_secret_keys(settings.data_dir, keys)
    return Sealer(keys)


async def _forget_old(administration: Administration) -> Shown:
    settings = administration.settings
    if settings.secret_keys is not None:
        raise InvalidInput(
            "The secret keys come from ANSWERDESK_SECRET_KEYS; remove the older ones there",
            code="secret_keys_given",
        )
    keys = load_secret_keys(settings.data_dir)
    sealer = Sealer(keys)
    left = await left_to_reseal(administration.database, sealer)
    if left:
        raise Conflict(
            f"{left} secrets are still sealed with older keys; run `answerdesk keys rotate` first",
            code="secret_keys_in_use",
        )
    save_secret_keys(settings.data_dir, keys[:1])
    await keep_newest(administration.database, sealer)
    return {"key_id": sealer.key_id, "forgotten": len(keys) - 1}


def _checked(wish: Wish) -> ApiKeyIn:
    fields: dict[str, Any] = {"name": wish.name, "scopes": list(wish.scopes), "prefix": wish.prefix}
    if wish.projects:
        fields["project_ids"] = list(wish.projects)
    if wish.expires is not None:
        fields["expires_at"] = wish.expires
    try:
        return ApiKeyIn.model_validate(fields)
    except ValidationError as error:
        raise InvalidInput(faults.describe(error.errors())) from error


async def _account(administration: Administration, wanted: str | None) -> AccountId:
    if wanted is None:
        return administration.account_id
    return (await find_account(administration, wanted)).id


def _write_keys(keys: list[Shown]) -> None:
    if not keys:
        sys.stdout.write("No keys yet.\n")
        return
    write_table(
        [
            {
                "id": key["id"],
                "name": one_line(key["name"]),
                "key": key["hint"],
                "scopes": " ".join(key["scopes"]),
                "state": "revoked" if key["revoked_at"] else "good",
                "expires": key["expires_at"] or "never",
                "last used": key["last_used_at"] or "never",
                "made by": one_line(key["created_by"]),
            }
            for key in keys
        ]
    )
