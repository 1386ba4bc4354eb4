"""A stand-in for a distributor's own machine: takes signed orders, answers with its order number, reports signed.

It knows nothing of Velory but what docs/partners.md says, and keeps its own books. `python -m velory.demo.distributor`
serves one, on loopback; its page lets whoever plays with the demo be the people at its desk.
"""
