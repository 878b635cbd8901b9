"""The official letter of GB/T 9704-2012: a document goes in, pages come out.

Knows no database, no web framework and no case; whoever uses it hands over a finished `Letter`.
"""
