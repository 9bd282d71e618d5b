"""The keeper of the names (D17): whom a command names goes into the vault before it is recorded, and what the log orders to be
erased goes out of it.

The log says what is so; the vault is brought to it, whenever that is: at once, when it is next opened, or at the next sweep.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import create_engine
from sqlalchemy.exc import SQLAlchemyError

from api import bearing, erasing
from api.personal import NotDisclosed, People, people_in
from api.settings import Settings
from audit.commitment import Disclosure
from audit.driver import StoreFailure
from audit.log import Log
from audit.reader import Reader
from audit.vault import Vault
from audit.vaultkey import WrongVaultKey
from domain.erasure import BEARERS
from domain.errors import Refused
from domain.ledger import Ledger
from domain.record import Signed
from domain.values import kind_of, moving_ids

SWEEPING = timedelta(hours=1)
TURNED = "删除个人信息时换了保管钥，此前的保管库备份都不能再打开：请放回换钥之后的备份。账目和核验不受影响，姓名暂不可读"
_log = logging.getLogger(__name__)


class Keeper:
    """The vault beside one open ledger. Threads share it."""

    def __init__(
        self, settings: Settings, log: Log, reader: Reader, ledger: Ledger, clock: Callable[[], datetime]
    ) -> None:
        self._settings, self._log, self._reader, self._ledger = settings, log, reader, ledger
        self._clock = clock
        self._vault: Vault | None = None
        self._swept_at = clock()
        self._lock = threading.Lock()

    def close(self) -> None:
        if self._vault is not None:
            self._vault.close()

    @property
    def vault(self) -> Vault:
        """The names behind commitments; opened when first asked for, swept now and then. Raises WrongVaultKey."""
        with self._lock:
            now = self._clock()
            if self._vault is None:
                engine = create_engine(self._settings.vault_place, hide_parameters=True)
                self._vault = Vault(engine, self._settings.vault_key_path)
                self._swept_at = now - SWEEPING
            if now - self._swept_at >= SWEEPING:
                # What was ordered first: nobody looks into a vault that holds what is to be erased.
                self._carry_out(self._vault)
                self._vault.sweep(lambda command: self._reader.find(command) is not None, now)
                self._swept_at = now
            return self._vault

    @contextmanager
    def at_work(self) -> Iterator[Vault]:
        """The vault; what is wrong with it is a failure of the store, and no fault of who came."""
        try:
            yield self.vault
        except WrongVaultKey as error:
            raise StoreFailure(f"个人信息保管库打不开：{error}。{TURNED}") from error
        except (SQLAlchemyError, OSError) as error:
            raise StoreFailure(f"个人信息保管库不可用：{type(error).__name__}") from error

    def keep(
        self, statement: str, commands: Sequence[Signed], disclosures: Sequence[Disclosure]
    ) -> Mapping[str, People]:
        """Put into the vault whom a statement names. What is recorded already is asked for nothing: it may have been erased."""
        if self._reader.find(statement) is not None:
            return {}
        people = people_in(commands, disclosures, self.kept)
        named = sorted({one for whom in people.values() for one in whom.named})
        erasing.refuse_erased(self._reader, named)
        with self.at_work() as vault:
            for command, whom in people.items():
                if vault.keep(command, whom.parties, whom.named, self._clock()):
                    raise NotDisclosed("所指的个人信息已不在保管库中，请随附其披露")
            try:
                erasing.refuse_erased(self._reader, named)
            except Refused:  # ordered meanwhile, and perhaps followed before it was kept here
                self._carry_out(vault)
                raise
        return people

    def kept(self, signed: Signed, commitments: Sequence[str]) -> set[str]:
        """Which commitments a command may state without disclosing them: the vault can open them, and a matter that the
        command names, over which its signers must be (AUTH-5), states them already.

        Whoever has met the commitment of a stranger would else be told the name by filing it as a matter of his own.
        """
        matters = (one for one in moving_ids(signed.command["payload"]) if kind_of(one) in BEARERS)
        stated = {known for one in matters for known in bearing.commitments(self._reader, one)}
        again = [one for one in commitments if one in stated]
        if not again:
            return set()
        with self.at_work() as vault:  # opened for those only who name somebody
            return vault.kept(again)

    def confirm(self, commands: Sequence[str]) -> None:
        """Of a batch some commands may have been refused. When this fails, the sweep learns it from the log."""
        try:
            with self.at_work() as vault:
                vault.confirm([command for command in commands if self._reader.find(command) is not None])
        except StoreFailure as failure:
            _log.warning("%s", failure)

    # --- erasing by order -------------------------------------------------------------------------------

    def require_whole(self, signed: Signed) -> None:
        """What an order to erase must list (NAME-2). Asked after who may order it: others learn nothing of the vault."""
        with self.at_work() as vault:
            erasing.require_whole(self._log.driver, self._log.size, vault, signed.command["payload"])

    def follow(self, position: int) -> None:
        """Have the vault do what the order recorded at a position says; when it is next looked into, if that fails now."""
        try:
            with self.at_work() as vault:
                self._carry_out(vault, position)
        except StoreFailure as failure:
            _log.warning("%s", failure)
            self.look_again()

    def look_again(self) -> None:
        """Have the vault brought to what the log says when it is next looked into."""
        self._swept_at -= SWEEPING

    def _carry_out(self, vault: Vault, start: int = 0) -> None:
        ledger = self._ledger.directory.ledger
        if ledger is not None:
            erasing.carry_out(vault, self._reader, ledger.id, start)
