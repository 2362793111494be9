"""How good and how fast: each entry prints a table and writes a JSON file, with baselines beside us.

``python -m benchmarks`` lists the entries, ``python -m benchmarks speed.batch`` runs one.
"""
