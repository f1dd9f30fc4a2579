"""A B2B Edition client on a clock that only moves when somebody sleeps."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import responses

from adapters.bundleb2b.directory import BundleB2B, BundleB2BDirectory
from adapters.bundleb2b.traffic import Policy, Timing

BASE = "https://api-b2b.bigcommerce.com"
IO = f"{BASE}/api/v3/io/"
READ_AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


@dataclass
class Clock:
    now: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    @property
    def timing(self) -> Timing:
        return Timing(lambda: self.now, self.sleep, lambda: 0.5)


def b2b(clock: Clock | None = None, policy: Policy | None = None) -> BundleB2B:
    return BundleB2B(BASE, policy, (clock or Clock()).timing, now=lambda: READ_AT)


def a_directory(clock: Clock | None = None, policy: Policy | None = None) -> BundleB2BDirectory:
    return b2b(clock, policy).open("abc123", "secret-access-token")


def ok(data: Any, **meta: Any) -> dict[str, Any]:
    return {"code": 200, "data": data, "meta": {"message": "SUCCESS", **meta}}


def paged(data: Any, total: int, limit: int = 250, offset: int = 0) -> dict[str, Any]:
    return ok(data, pagination={"totalCount": total, "limit": limit, "offset": offset})


def asked(index: int = -1) -> dict[str, str]:
    return {key: value[0] for key, value in parse_qs(urlsplit(responses.calls[index].request.url).query).items()}


def paths_called() -> list[str]:
    return [urlsplit(call.request.url).path.removeprefix("/api/v3/io/") for call in responses.calls]


def a_company(**changes: Any) -> dict[str, Any]:
    return {
        "companyId": 123456,
        "companyName": "Great Buys Inc.",
        "companyEmail": "admin@greatbuys.com",
        "companyPhone": 8001234567,
        "companyStatus": "1",
        "bcGroupId": "123",
        "parentCompany": {"id": 99, "name": "Greater Buys"},
        "uuid": "ERP-77",
        "extraFields": [],
    } | changes


def a_user(**changes: Any) -> dict[str, Any]:
    return {
        "id": 7,
        "firstName": "Marie",
        "lastName": "Curie",
        "email": "marie@example.com",
        "phoneNumber": None,
        "role": 2,
        "companyRoleId": 10,
        "companyRoleName": "Approver",
        "companyId": 123456,
        "customerId": 42,
        "channelList": [{"channelId": 1}],
    } | changes


def a_role(*codes: tuple[str, int]) -> dict[str, Any]:
    permissions = [{"id": n, "code": code, "permissionLevel": level} for n, (code, level) in enumerate(codes)]
    return {"id": 10, "name": "Approver", "roleType": 2, "roleLevel": 1, "permissions": permissions}
