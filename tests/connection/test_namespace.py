from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.service import ConnectConfig, RPCError, ServiceClient

from connection.namespace import AttributeClash, prepare
from connection.server import RETENTION, LocalServer
from workflows.attributes import registration

pytestmark = pytest.mark.temporal


async def test_attributes_are_registered_with_their_types_and_again_without_harm(tmp_path: Path) -> None:
    async with LocalServer(tmp_path / "t.db", search_attributes={}, headless=True) as server:
        service = await ServiceClient.connect(ConnectConfig(target_host=server.address))
        for _ in range(2):
            await prepare(service, "default", registration(), RETENTION)
        listed = await service.operator_service.list_search_attributes(ListSearchAttributesRequest(namespace="default"))
        assert {name: IndexedValueType.Name(number) for name, number in listed.custom_attributes.items()} == {
            "CaseStage": "INDEXED_VALUE_TYPE_KEYWORD",
            "CaseCouncil": "INDEXED_VALUE_TYPE_KEYWORD",
            "NextDeadline": "INDEXED_VALUE_TYPE_DATETIME",
            "NextDeadlineKind": "INDEXED_VALUE_TYPE_KEYWORD",
            "MustAct": "INDEXED_VALUE_TYPE_KEYWORD",
            "Breached": "INDEXED_VALUE_TYPE_BOOL",
            "Overdue": "INDEXED_VALUE_TYPE_KEYWORD",
            "Stuck": "INDEXED_VALUE_TYPE_BOOL",
            "Demo": "INDEXED_VALUE_TYPE_BOOL",
            "CaseEvents": "INDEXED_VALUE_TYPE_INT",
        }


async def test_an_attribute_of_another_type_is_named(tmp_path: Path) -> None:
    async with LocalServer(tmp_path / "t.db", search_attributes={"Breached": "Keyword"}, headless=True):
        pass
    with pytest.raises(AttributeClash, match="The search attribute Breached already has another type in namesp"):
        await LocalServer(tmp_path / "t.db", search_attributes=registration(), headless=True).start()


async def test_a_namespace_that_does_not_exist_is_an_error(server: LocalServer) -> None:
    service = await ServiceClient.connect(ConnectConfig(target_host=server.address))
    with pytest.raises(RPCError, match="Namespace elsewhere is not found"):
        await prepare(service, "elsewhere", {}, timedelta(days=1))
