"""Which APIs of the emulator stand behind the front door."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from local.door.cors import Cors
from local.emulator.guard import DOOR_HEADER

if TYPE_CHECKING:
    from local.emulator.clients import Clients


@dataclass(slots=True)
class Apis:
    """Addresses and settings of the deployed APIs, looked up again after each deployment.

    An address is empty while the template has no such API. `door_token` opens them: the guard in
    front of the emulator asks for it.
    """

    door_token: str = ""
    http: str = ""
    socket: str = ""
    cors: Cors = field(default_factory=Cors)

    @property
    def pass_header(self) -> dict[str, str]:
        """What the guard wants to see on each request to them."""
        return {DOOR_HEADER.decode(): self.door_token}

    def refresh(self, clients: Clients) -> None:
        """Asks the emulator what is deployed."""
        gateway = clients("apigatewayv2")
        for api in gateway.get_apis()["Items"]:
            stage = gateway.get_stages(ApiId=api["ApiId"])["Items"][0]["StageName"]
            address = f"{clients.endpoint}/_aws/execute-api/{api['ApiId']}/{stage}"
            self._remember(api, address)

    def _remember(self, api: dict[str, Any], address: str) -> None:
        if api["ProtocolType"] == "WEBSOCKET":
            self.socket = address.replace("http", "ws", 1)
        else:
            self.http = address
            self.cors = Cors.of(api.get("CorsConfiguration", {}))
