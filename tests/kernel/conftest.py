"""What tests of the kernel share: the operators' company, made once (tests/kernel/operating.py)."""

from tests.kernel.operating import console, operator, operators_facts, ops  # noqa: F401 - fixtures
