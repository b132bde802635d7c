"""A worker of this process made to wait, so that what is sent to a case at once is taken up at once."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from temporalio.api.common.v1 import Payload
from temporalio.client import Client
from temporalio.converter import PayloadCodec, SerializationContext, WithSerializationContext


class Gate(PayloadCodec, WithSerializationContext):
    """A codec of which the worker's reading waits while it is shut; it changes no payload itself."""

    def __init__(self, codec: PayloadCodec, open: asyncio.Event | None = None) -> None:
        self._codec = codec
        self._open = open or asyncio.Event()
        if open is None:
            self._open.set()

    def with_context(self, context: SerializationContext) -> Gate:
        """The same gate before the codec of one workflow."""
        codec = self._codec
        return Gate(codec.with_context(context) if isinstance(codec, WithSerializationContext) else codec, self._open)

    @classmethod
    def before(cls, client: Client) -> tuple[Client, Gate]:
        """A copy of ``client`` for a worker behind a gate, and the gate. Its payloads must have a codec."""
        converter = client.data_converter
        assert converter.payload_codec is not None
        gate = cls(converter.payload_codec)
        config = client.config()
        config["data_converter"] = dataclasses.replace(converter, payload_codec=gate)
        return Client(**config), gate

    @contextmanager
    def shut(self) -> Iterator[None]:
        """Nothing is read inside the block: what a workflow is given meanwhile, it is given together."""
        self._open.clear()
        try:
            yield
        finally:
            self._open.set()

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return await self._codec.encode(payloads)

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        await self._open.wait()
        return await self._codec.decode(payloads)
