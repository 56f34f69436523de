"""Nova Chat's API: accounts, websites, agents, keys, knowledge, and the conversations of widgets.

Contract: the vendor's API documentation; our vendor contracts decide what it leaves open.
"""
