"""A policy and a calendar as cases carry them: each as data of its own, each content kept once in a process."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from typing import Annotated, Any

from pydantic import BaseModel, ValidatorFunctionWrapHandler, WrapValidator
from pydantic_core import to_json

from domain.calendar import Calendar
from domain.policy import Policy

KEPT = 256
"""How many contents of one kind are kept, those read last."""


class Once:
    """Reads the same content to the same object: what cases share must be frozen."""

    def __init__(self) -> None:
        self._kept: OrderedDict[bytes, BaseModel] = OrderedDict()

    def read(self, value: Any, read: ValidatorFunctionWrapHandler) -> Any:
        if isinstance(value, BaseModel):
            return read(value)
        content = hashlib.sha256(to_json(value)).digest()
        shared = self._kept.pop(content, None)
        if shared is None:
            shared = read(value)
        self._kept[content] = shared
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return shared


SharedPolicy = Annotated[Policy, WrapValidator(Once().read)]
SharedCalendar = Annotated[Calendar, WrapValidator(Once().read)]
