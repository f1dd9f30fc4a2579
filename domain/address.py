"""A postal address as it stands on paper: people's data, kept out of ledger and audit rows."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Address:
    """Free text parts as the shop or the ERP gave them; all may be empty."""

    name: str = ""
    company: str = ""
    street_1: str = ""
    street_2: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    country: str = ""
    country_code: str = ""
    phone: str = ""
    email: str = ""

    @property
    def lines(self) -> list[str]:
        """The lines to print, without the empty ones."""
        town = " ".join(part for part in (self.zip, self.city) if part)
        town = ", ".join(part for part in (town, self.state) if part)
        rows = (self.company, self.name, self.street_1, self.street_2, town, self.country)
        return [row for row in rows if row]
