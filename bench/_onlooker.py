"""An officer with the work list open, in a process of their own: looks every fifth of a second until told to stop.

``python -m bench._onlooker ADDRESS EMAIL PASSWORD``; says "ready" when signed in, begins and ends with a line given to
it, then prints the milliseconds of each look as JSON.
"""

import asyncio
import json
import sys
import time

import httpx2 as httpx

EVERY = 0.2


async def main(address: str, email: str, password: str) -> None:
    loop = asyncio.get_running_loop()
    own = {"Sec-Fetch-Site": "same-origin"}
    async with httpx.AsyncClient(base_url=address, headers=own, timeout=60) as browser:
        await browser.post("/sign-in", data={"email": email, "password": password, "next": ""})
        (await browser.get("/cases")).raise_for_status()
        print("ready", flush=True)
        while await loop.run_in_executor(None, sys.stdin.readline):
            over = loop.run_in_executor(None, sys.stdin.readline)
            looks = []
            while not over.done():
                began = time.perf_counter()
                answer = await browser.get("/cases")
                looks.append((time.perf_counter() - began) * 1000 if answer.status_code == 200 else 60_000.0)
                await asyncio.sleep(max(EVERY - looks[-1] / 1000, 0))
            print(json.dumps(looks), flush=True)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
