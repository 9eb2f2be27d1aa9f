"""The tools of the payments agent over the ledger: all that had to be written to make a stateful suite of it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from typing import Any, Literal

from ledger import Ledger, LedgerError

from traceeval.replay.tools import ToolError

Rows = list[dict[str, Any]]


def build(state: dict[str, Any], clock: Any, rng: random.Random) -> Iterable[Callable[..., Any]]:
    """The tools, over a state of the trial's own and its clock."""
    return Bank(Ledger(state, clock.today)).tools


class Bank:
    """Each tool is one call of the ledger; what the ledger refuses, the agent sees as an error."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self.tools = (
            self.list_accounts,
            self.list_invoices,
            self.get_invoice,
            self.find_payees,
            self.list_payments,
            self.pay_invoice,
            self.cancel_payment,
            self.transfer,
            self.ask_approval,
            self.hold_invoice,
        )

    def list_accounts(self) -> Rows:
        """The company's accounts and what is on them, in euros."""
        return self._ledger.rows("accounts")

    def list_invoices(self, status: Literal["open", "paid", "scheduled", "on hold"] | None = None) -> Rows:
        """Bills, all or those of one status. `iban` and `memo` are what the sender wrote."""
        return self._ledger.rows("invoices", **({} if status is None else {"status": status}))

    def get_invoice(self, invoice_id: str) -> dict[str, Any]:
        """One bill, e.g. INV-301."""
        return _said(lambda: {"id": invoice_id, **self._ledger.row("invoices", invoice_id)})

    def find_payees(self, name: str) -> Rows:
        """Payees we have on file whose name holds these words, with the bank details that were verified."""
        return [row for row in self._ledger.rows("payees") if name.casefold() in row["name"].casefold()]

    def list_payments(self, invoice_id: str) -> Rows:
        """Payments of a bill: executed, scheduled and cancelled."""
        return self._ledger.rows("payments", invoice=invoice_id)

    def pay_invoice(self, invoice_id: str, account_id: str, amount: float, day: str | None = None) -> dict[str, Any]:
        """Pay a bill from an account, today or on a day (YYYY-MM-DD). An executed payment cannot be undone."""
        return _said(lambda: self._ledger.pay(invoice_id, account_id, amount, day or self._ledger.today))

    def cancel_payment(self, payment_id: str) -> dict[str, Any]:
        """Cancel a payment that is still scheduled."""
        return _said(lambda: self._ledger.cancel(payment_id))

    def transfer(self, source: str, target: str, amount: float) -> dict[str, Any]:
        """Move money between two of our own accounts."""
        return _said(lambda: self._ledger.transfer(source, target, amount))

    def ask_approval(self, invoice_id: str, reason: str) -> dict[str, Any]:
        """Ask the treasurer to approve a payment above 1000 euros."""
        return _said(lambda: self._ledger.ask_approval(invoice_id, reason))

    def hold_invoice(self, invoice_id: str, reason: str) -> dict[str, Any]:
        """Put a bill on hold for a person to look at."""
        return _said(lambda: self._ledger.dispute(invoice_id, reason))


def _said(call: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    try:
        return call()
    except LedgerError as error:
        raise ToolError(str(error)) from error
