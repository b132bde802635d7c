"""What a namespace must hold before cases run in it: search attributes and a retention."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta

from google.protobuf.duration_pb2 import Duration
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.namespace.v1 import NamespaceConfig
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest, UpdateNamespaceRequest
from temporalio.service import ServiceClient

_RPC = timedelta(seconds=5)


class AttributeClash(Exception):
    """A search attribute that the namespace already has with another type."""

    def __init__(self, name: str, namespace: str) -> None:
        super().__init__(
            f"The search attribute {name} already has another type in namespace {namespace}; "
            "use another namespace, or another CASEREVIEW_HOME for a local server."
        )


async def prepare(
    service: ServiceClient, namespace: str, search_attributes: Mapping[str, str], retention: timedelta
) -> None:
    """Keep closed workflows for `retention` and have every search attribute, name to type word, registered.

    Repeatable. Raises `AttributeClash`, and `RPCError` where the namespace does not exist.
    """
    described = await service.workflow_service.describe_namespace(
        DescribeNamespaceRequest(namespace=namespace), timeout=_RPC
    )
    if described.config.workflow_execution_retention_ttl.ToTimedelta() != retention:
        ttl = Duration()
        ttl.FromTimedelta(retention)
        config = NamespaceConfig(workflow_execution_retention_ttl=ttl)
        await service.workflow_service.update_namespace(
            UpdateNamespaceRequest(namespace=namespace, config=config), timeout=_RPC
        )
    wanted = {name: _number(word) for name, word in search_attributes.items()}
    missing = await _missing(service, namespace, wanted)
    if missing:
        await service.operator_service.add_search_attributes(
            AddSearchAttributesRequest(namespace=namespace, search_attributes=missing), timeout=_RPC
        )
    while await _missing(service, namespace, wanted):  # noqa: ASYNC110
        await asyncio.sleep(0.05)


async def _missing(
    service: ServiceClient, namespace: str, wanted: Mapping[str, IndexedValueType.ValueType]
) -> dict[str, IndexedValueType.ValueType]:
    listed = await service.operator_service.list_search_attributes(
        ListSearchAttributesRequest(namespace=namespace), timeout=_RPC
    )
    known = listed.custom_attributes
    for name in wanted.keys() & known.keys():
        if known[name] != wanted[name]:
            raise AttributeClash(name, namespace)
    return {name: number for name, number in wanted.items() if name not in known}


def _number(word: str) -> IndexedValueType.ValueType:
    name = "".join(f"_{letter}" if letter.isupper() else letter.upper() for letter in word)
    return IndexedValueType.Value(f"INDEXED_VALUE_TYPE{name}")
