"""What is missing, wrong or unreachable, and how to mend it.

Begin with `finding` (what a check says), then `patient` (what it looks at) and `examination` (all checks at once). Each
other file is an area with its checks: functions from a patient to findings. None sends anything to another machine.
"""
