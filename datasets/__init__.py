"""Invented contact data: the demo sources with their truth, and a generator for any size.

Nothing here belongs to the package: it runs from a checkout, and the pipeline never reads a truth.
"""
