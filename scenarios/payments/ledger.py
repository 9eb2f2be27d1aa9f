"""The application as its owners wrote it: bills, payees and payments over one JSON document. It knows nothing of replays."""

from __future__ import annotations

from typing import Any

APPROVAL_ABOVE = 1000.0


class LedgerError(Exception):
    """What the application refuses, in words for whoever called."""


class Ledger:
    """``db``: ``accounts``, ``payees``, ``invoices``, ``payments`` and ``approvals``, each by id. ``today``: an ISO day."""

    def __init__(self, db: dict[str, Any], today: str) -> None:
        self.db = db
        self.today = today

    def row(self, table: str, id: str) -> dict[str, Any]:
        """One row of a table."""
        rows: dict[str, dict[str, Any]] = self.db[table]
        if id not in rows:
            raise LedgerError(f"{table}: there is no {id}")
        return rows[id]

    def rows(self, table: str, **wanted: Any) -> list[dict[str, Any]]:
        """Every row with these values, each with its id."""
        rows: dict[str, dict[str, Any]] = self.db[table]
        found = [{"id": id, **row} for id, row in rows.items()]
        return [row for row in found if all(row.get(key) == value for key, value in wanted.items())]

    def pay(self, invoice_id: str, account_id: str, amount: float, day: str) -> dict[str, Any]:
        """Pay a bill today, or write down that it will be paid on a later day."""
        invoice, account = self.row("invoices", invoice_id), self.row("accounts", account_id)
        if invoice["status"] != "open":
            raise LedgerError(f"{invoice_id} is {invoice['status']}")
        if amount <= 0 or day < self.today:
            raise LedgerError("a payment needs an amount above 0 and a day that is not past")
        if amount > APPROVAL_ABOVE and not self.rows("approvals", invoice=invoice_id, status="granted"):
            raise LedgerError(f"payments above {APPROVAL_ABOVE:.0f} need an approval")
        if day == self.today:
            self._take(account, account_id, amount)
        id = f"PMT-{len(self.db['payments']) + 49}"
        status = "executed" if day == self.today else "scheduled"
        self.db["payments"][id] = {
            "invoice": invoice_id,
            "account": account_id,
            "amount": amount,
            "day": day,
            "iban": invoice["iban"],
            "status": status,
        }
        invoice["status"] = "paid" if day == self.today else "scheduled"
        return {"payment_id": id, "status": status, "amount": amount, "day": day}

    def cancel(self, payment_id: str) -> dict[str, Any]:
        """Take back a payment that was not executed yet."""
        payment = self.row("payments", payment_id)
        if payment["status"] != "scheduled":
            raise LedgerError(f"{payment_id} is {payment['status']}; only scheduled payments can be cancelled")
        payment["status"] = "cancelled"
        self.row("invoices", payment["invoice"])["status"] = "open"
        return {"payment_id": payment_id, "status": "cancelled"}

    def transfer(self, source: str, target: str, amount: float) -> dict[str, Any]:
        """Move money between two accounts of the company."""
        giving, taking = self.row("accounts", source), self.row("accounts", target)
        if source == target or amount <= 0:
            raise LedgerError("a transfer needs two accounts and an amount above 0")
        self._take(giving, source, amount)
        taking["balance"] = round(taking["balance"] + amount, 2)
        return {"from": source, "to": target, "amount": amount}

    def ask_approval(self, invoice_id: str, reason: str) -> dict[str, Any]:
        """Ask the treasurer to approve the payment of a bill."""
        self.row("invoices", invoice_id)
        id = f"APR-{len(self.db['approvals']) + 11}"
        self.db["approvals"][id] = {"invoice": invoice_id, "status": "asked", "reason": reason}
        return {"approval_id": id, "status": "asked"}

    def dispute(self, invoice_id: str, reason: str) -> dict[str, Any]:
        """Put a bill on hold, so that nobody pays it before a person has looked."""
        invoice = self.row("invoices", invoice_id)
        if invoice["status"] != "open":
            raise LedgerError(f"{invoice_id} is {invoice['status']}")
        invoice["status"], invoice["hold"] = "on hold", reason
        return {"invoice_id": invoice_id, "status": "on hold"}

    def _take(self, account: dict[str, Any], id: str, amount: float) -> None:
        if amount > account["balance"]:
            raise LedgerError(f"{id} holds {account['balance']:.2f}, which is less than {amount:.2f}")
        account["balance"] = round(account["balance"] - amount, 2)
