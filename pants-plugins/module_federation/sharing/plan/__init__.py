"""The federation plan: a host and all that it can load, checked by the runtime's own rules.

``members`` is what goes in (what each container provides, asks for and loads, and why), ``model``
what comes out. ``plan_federation`` in ``planner`` leads from one to the other.
"""
