"""What is true of Viet Nam and nowhere else: letters, identifiers, dates, money, places.

Pure functions of the standard library. Import from the module that holds the subject
(`from pipeline.vietnam.dates import parse_date`); this file re-exports nothing.
"""
