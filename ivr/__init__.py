"""Flows over voice or text: `flow` is one, `loader` checks it (and with `paths` where it leads), `runner` walks it,
`nodes` are its steps (one file a type), `surface` is what a flow can do to a person, `session` is one person's walk."""
