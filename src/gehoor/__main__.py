"""The `gehoor` command."""

import sys

from gehoor.project.command import main

if __name__ == "__main__":
    sys.exit(main())
