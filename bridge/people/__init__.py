"""Who may do what: users with roles, their sessions, API tokens, and the first administrator's invitation."""
