"""`python -m bridge.cli` is `throughline`."""

from bridge.cli import main

main()
