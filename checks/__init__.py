"""The only room that judges: a frame and a rule go in, verdicts with evidence come out.

No network, no clock, no files. `checks.engine` is the way in; every check registers itself with `checks.base.check`.
"""
