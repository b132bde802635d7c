"""The gate before a worker: what comes while it is shut is read only when it opens, and then whole."""

import asyncio
from collections.abc import Sequence

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.converter import PayloadCodec

from starter.gate import Gate


class Reversing(PayloadCodec):
    """Turns every payload's bytes round."""

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return [Payload(data=one.data[::-1]) for one in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return await self.encode(payloads)


async def test_nothing_is_read_while_it_is_shut_and_everything_may_be_written() -> None:
    gate = Gate(Reversing())
    [sealed] = await gate.encode([Payload(data=b"abc")])
    with gate.shut():
        assert [one.data for one in await gate.encode([sealed])] == [b"abc"]
        reading = asyncio.ensure_future(gate.decode([sealed]))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert not reading.done()
    assert [one.data for one in await reading] == [b"abc"]


async def test_it_opens_again_whatever_happened_before_it() -> None:
    gate = Gate(Reversing())
    with pytest.raises(RuntimeError), gate.shut():
        raise RuntimeError("broke off")
    assert await asyncio.wait_for(gate.decode([Payload(data=b"abc")]), 1) == [Payload(data=b"cba")]
