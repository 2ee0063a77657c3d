"""Voice and routing.

Read in this order: `contact`, `assignment`, `leg` and `agent` are the things and their machines; `events` are the
facts told about them and `record` the one place where a machine moves and the fact is published; `acd` decides who
talks to whom and carries it out through the ports of `ports`; `call` and `delivery` are voice behind those ports;
`stasis` is the front door through which Asterisk's events come in; everything that speaks Asterisk is in `asterisk`.
"""
