"""One night and one month end of an invented network of any size, on loopback: what it costs and how that grows.

`python -m benchmarks.scale --chapters 300` prints a table; docs/scale.md is written from the results.
"""
