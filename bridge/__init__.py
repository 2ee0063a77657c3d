"""People and everything outside; the composition root.

`app` wires all of it, top to bottom. `journal` makes facts durable, `store` is what is read from, `interaction` keeps
matters open and closes them, `timeline` tells a matter in plain words, `cli` has one file a command.
"""
