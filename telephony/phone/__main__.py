"""`python -m telephony.phone`: the first line on standard input is the account, the others are commands."""

from telephony.phone.process import main

main()
