"""Support access: an operator looks at a company's pages, for a while, for a reason, seen by the company, changing
nothing.
"""
