"""`python -m workers` is the command `sohoa`."""

from workers.cli import main

main()
