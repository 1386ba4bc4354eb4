"""People and devices by CSV: bytes → rows → cells → a plan that is shown → exactly that plan, applied."""
