"""A SIP phone on pjsua2, without a sound card: files are its microphone and its loudspeaker.

A phone is a process, because the library allows few calls and aborts on misuse. Read protocol (what is said to it),
process (its main loop), endpoint, account, call, audio and library (the phone itself), then link, mailbox and remote
(driving one from asyncio), and terminal (for a person).
"""
