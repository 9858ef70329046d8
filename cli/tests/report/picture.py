"""Takes a picture of a report: `picture.py PAGE PICTURE`, the overview above, a connection below."""

import sys

from browser import opened

page, picture = sys.argv[1:]
with opened(page, device_scale_factor=1) as shown:
    shown.set_viewport_size({"width": 1280, "height": 860})
    shown.screenshot(path=picture)
