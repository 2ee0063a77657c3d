"""While an image is built: fetches Asterisk into a folder, as the first `throughline run` would."""

import sys
from pathlib import Path

from telephony.asterisk.install import find_or_install

if __name__ == "__main__":
    print(find_or_install(Path(sys.argv[1]), print).version)
