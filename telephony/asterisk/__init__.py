"""All that knows Asterisk's words: its REST interface, manager interface, accounts, installation and process."""
