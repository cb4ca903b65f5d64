"""AWS Secrets Manager as moto imitates it. Prints its port; ends with its input."""

import logging
import sys

from moto.server import ThreadedMotoServer

logging.disable(logging.CRITICAL)
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
print(f"port={server.get_host_and_port()[1]}", flush=True)
sys.stdin.read()
