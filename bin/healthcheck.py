"""Inside the web's container: exit code 0 while the health page of the public host answers 200."""

import http.client
import os
import sys

line = http.client.HTTPConnection("127.0.0.1", 8000, timeout=4)
headers = {"Host": os.environ.get("VELORY_BASE_DOMAIN", "localhost"), "X-Forwarded-Proto": "https"}
line.request("GET", "/health/", headers=headers)
sys.exit(line.getresponse().status != 200)
