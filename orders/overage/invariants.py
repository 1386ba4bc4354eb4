"""What must hold of salary deductions. (Overwritten by mistake from the neighbour's seat at 12:25: please write yours again; what
concerns cards stands in card_invariants.py.)
"""
