"""Waiting for the effect of another process."""

import time


def wait_until(condition, what, seconds=60):
    """Asks until the answer is true and returns it; fails with `what` after the deadline."""
    deadline = time.monotonic() + seconds
    while True:
        answer = condition()
        if answer:
            return answer
        assert time.monotonic() < deadline, f"waited {seconds} s in vain: {what}"
        time.sleep(0.01)
