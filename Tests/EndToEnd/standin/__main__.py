"""Runs the sites by themselves: `python3 -m standin FOLDER [SEED]`, until its input ends.

Prints one line of JSON with `url` and `authority`, the path of the certificate to trust. Rows are made up for every
site. Habits are switched at /control/on?name=&times=&share=&only= and /control/off; /control/state tells what was met.
"""

import json
import subprocess
import sys
from pathlib import Path

from standin.server import StandIn


def certificate(folder):
    """A certificate for `localhost` of its own issuer, and its key."""
    names = folder / "standin.pem", folder / "standin.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-out", names[0], "-keyout", names[1]],
        check=True, capture_output=True)  # fmt: skip
    return names


def fill(world):
    """Makes up rows for every site."""
    for number in range(1, 11):
        world.police.add_month(f"2024-{number:02}", ["metropolitan", "essex", "kent"], stops=30, crimes=120)
    world.police.most = 40
    world.socrata.add_requests(count=700)
    world.socrata.add_violations(count=50)
    world.socrata.add_dob_violations(count=400)
    world.socrata.add_permits(count=300)
    world.socrata.add_older_permits(count=300)
    world.ckan.add_requests(count=600)
    world.ckan.most = 70
    world.arcgis.add_layer(count=500, most=60)
    world.arcgis.add_layer("Silent", count=300, most=50, geojson=False, tells=False)
    world.opendatasoft.add_dataset(count=350)
    world.files.add_quakes(200)
    for number in range(0, 200, 7):
        world.files.correct_quake(f"ak{number:08}")
    world.files.add_fires(400)


def main():
    folder, seed = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1
    paths = certificate(folder)
    with StandIn(*paths, seed=seed) as world:
        fill(world)
        world.slow = 0.2
        print(json.dumps({"url": world.url, "authority": str(paths[0])}), flush=True)
        sys.stdin.read()


main()
