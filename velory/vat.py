"""Value added tax where a company has not said which: the standard rate of its country (docs/decisions/0012)."""

from decimal import Decimal

# Standard rates in percent as they stand in 2026, of the countries of the European VAT area and its neighbours.
STANDARD = {
    country: Decimal(percent)
    for country, percent in {
        "AT": "20", "BE": "21", "BG": "20", "CH": "8.1", "CY": "19", "CZ": "21", "DE": "19", "DK": "25", "EE": "24",
        "ES": "21", "FI": "25.5", "FR": "20", "GB": "20", "GR": "24", "HR": "25", "HU": "27", "IE": "23", "IS": "24",
        "IT": "22", "LI": "8.1", "LT": "21", "LU": "17", "LV": "21", "MT": "18", "NL": "21", "NO": "25", "PL": "23",
        "PT": "23", "RO": "21", "SE": "25", "SI": "22", "SK": "23",
    }.items()
}  # fmt: skip


def standard_rate(country: str) -> Decimal | None:
    """The standard rate of a country in percent; None where we do not know it, and nobody should guess."""
    return STANDARD.get(country.upper())
