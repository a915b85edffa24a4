"""The one process that holds the local stack together: it starts the parts and ends them."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import AsyncExitStack, suppress
from typing import TYPE_CHECKING

from local import running, web_build
from local.demo import seed
from local.demo.credentials import give_signing_keys, secrets_of
from local.demo.square import first_day, records
from local.deploy.adapt import Addresses
from local.deploy.stack import Deployer, DeployError
from local.deploy.watch import saves
from local.door import photos
from local.door.apis import Apis
from local.door.server import Door, listen
from local.emulator.clients import Clients
from local.emulator.process import Emulator
from local.info import cron_secret, origin, stack_info, write_private
from local.pump.pump import Pump
from local.sandbox.faults import Faults
from local.sandbox.section import Sandbox
from local.sandbox.square import server as square
from local.sandbox.square.vendor import Vendor
from local.sandbox.twilio import server as twilio
from local.settings import HOST, REGION, ROOT
from local.tokens import AUDIENCE, Issuer

if TYPE_CHECKING:
    from collections.abc import Callable
    from socket import socket

    from local.settings import Settings

    Say = Callable[[str], None]


class StackDiedError(Exception):
    """The emulator ended while the stack was running."""


async def supervise(settings: Settings, stop: asyncio.Event, say: Say, ready: Say) -> None:
    """Runs the stack until `stop` is set or the process is told to end.

    `say` is told what a developer wants to know, `ready` the address once everything answers.

    Raises:
        AlreadyRunningError: a stack runs in this directory.
        PortTakenError: the port is in use.
        EmulatorError, DeployError: the stack could not be started.
        StackDiedError: it ended by itself.
    """
    _forget_credentials()
    _end_on_signals(stop)
    async with AsyncExitStack() as parts:
        parts.enter_context(running.claim(settings.pid_file))
        listener = parts.enter_context(listen(settings.port))
        stack = _Stack(settings, listener, say)
        await stack.start(parts)
        ready(origin(stack.port))
        await stack.run_until(stop)


class _Stack:
    def __init__(self, settings: Settings, listener: socket, say: Say) -> None:
        self.port = listener.getsockname()[1]
        self._settings = settings
        self._listener = listener
        self._say = say
        self._apis = Apis()
        self._issuer = Issuer(f"{origin(self.port)}/auth", settings.key_file)
        self._faults = Faults()
        account = twilio.account_of(settings.key_file)
        self._twilio = twilio.Server(account, origin(self.port), self._faults)
        self._square = square.Server(self._new_seller(), self._faults)

    async def start(self, parts: AsyncExitStack) -> None:
        """Starts every part; each is ended by `parts`, in the opposite order."""
        client_built = asyncio.create_task(asyncio.to_thread(self._build_client))
        self._emulator = Emulator(self._settings.state_dir, self._changed)
        parts.push_async_callback(asyncio.to_thread, self._emulator.stop)
        self._clients = Clients(self._emulator.endpoint, self._emulator.admin_token)
        self._apis.door_token = self._emulator.door_token
        for vendor in (self._twilio, self._square):
            await vendor.open()
            parts.push_async_callback(vendor.close)
        self._deployer = self._new_deployer()
        self._pump = Pump(self._clients, self._say)
        await asyncio.to_thread(self._fill)
        parts.push_async_callback(asyncio.to_thread, self._pump.stop)
        secrets = secrets_of(self._settings.key_file)
        sandbox = Sandbox(self._issuer, self._faults, self._twilio, self._square, secrets)
        door = Door(
            self._apis, self._issuer, sandbox, ROOT / "web" / "dist", self._emulator.endpoint
        )
        runner = await door.open(self._listener)
        parts.push_async_callback(runner.cleanup)
        self._write_files(parts)
        await client_built

    async def run_until(self, stop: asyncio.Event) -> None:
        """Redeploys what is saved until the end."""
        watching = asyncio.create_task(self._watch())
        try:
            while not stop.is_set():
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), timeout=0.5)
                if not self._emulator.alive:
                    raise StackDiedError("The emulator ended by itself; the log says more.")
                if watching.done():
                    watching.result()
        finally:
            watching.cancel()

    def _fill(self) -> None:
        """Deploys the template and brings in the data, before anybody may look."""
        self._emulator.wait_until_ready()
        self._deployer.deploy()
        self._apis.refresh(self._clients)
        give_signing_keys(self._clients("secretsmanager"), secrets_of(self._settings.key_file))
        dynamodb = self._clients("dynamodb")
        if seed.has_tables(dynamodb) and seed.is_empty(dynamodb):
            rows = seed.seed(dynamodb, secrets=secrets_of(self._settings.key_file))
            self._square.vendor.reset(records(rows))
        self._square.share(self._clients("secretsmanager"))
        # From here on: the demo data was there before anybody listened.
        self._pump.start()

    def _new_seller(self) -> Vendor:
        kept = self._settings.state_dir
        return Vendor(
            square.account_of(self._settings.key_file),
            f"{origin(self.port)}/api/webhooks/square",
            start=first_day,
            kept=kept / "square-seller.json" if kept else None,
        )

    def _new_deployer(self) -> Deployer:
        door = origin(self.port)
        localhost = f"http://localhost:{self.port}"
        return Deployer(
            template=self._settings.template,
            clients=self._clients,
            addresses=Addresses(door=door, emulator=self._emulator.endpoint),
            parameters={
                "JwtIssuer": self._issuer.url,
                "JwtAudience": AUDIENCE,
                "AllowedOrigins": f"{door},{localhost},http://localhost:5173",
                "SocketUrl": door.replace("http", "ws", 1) + "/ws",
                "TwilioUrl": self._twilio.url,
                "TwilioAccountSid": self._twilio.vendor.account.sid,
                "TwilioAuthToken": self._twilio.vendor.account.auth_token,
                "WebhookBaseUrl": door,
                "PhotosUrl": door + photos.PREFIX,
                "SquareUrl": self._square.url,
                "SquareNotificationUrl": self._square.info()["notification_url"],
                "SquareSignatureKey": self._square.vendor.account.signature_key,
                "SquareApplicationId": self._square.vendor.account.client_id,
                "SquareApplicationSecret": self._square.vendor.account.client_secret,
                **self._settings.parameters,
            },
        )

    def _changed(self, table: str) -> None:
        self._pump.wake(table)

    async def _watch(self) -> None:
        if not self._settings.watch:
            return
        async for _ in saves(self._settings.template):
            await asyncio.to_thread(self._redeploy)

    def _redeploy(self) -> None:
        """A mistake in a saved file leaves the stack as it was."""
        try:
            self._deployer.deploy()
        except DeployError as error:
            self._say(f"Not redeployed: {error}")
            return
        self._apis.refresh(self._clients)
        self._pump.follow_mappings()
        self._say("Redeployed.")

    def _build_client(self) -> None:
        if not self._settings.web:
            return
        try:
            web_build.build(ROOT / "web")
        except web_build.NotBuiltError as error:
            self._say(f"The web client is not up to date: {error}.")

    def _write_files(self, parts: AsyncExitStack) -> None:
        dynamodb = self._clients("dynamodb")
        ids = seed.ids(dynamodb) if seed.has_tables(dynamodb) else {}
        info = stack_info(
            self.port,
            self._issuer,
            ids,
            self._twilio.vendor.account,
            square=self._square.info(),
            vapi=secrets_of(self._settings.key_file),
            cron_secret=cron_secret(self._clients("secretsmanager")),
            has_socket=bool(self._apis.socket),
        )
        runtime = {
            "emulator_url": self._emulator.endpoint,
            "emulator_token": self._emulator.admin_token,
            "twilio_url": self._twilio.url,
            "square_url": self._square.url,
            "pid": os.getpid(),
        }
        for path, content in (
            (self._settings.runtime_file, runtime),
            (self._settings.info_file, info),
        ):
            write_private(path, content)
            parts.callback(path.unlink, missing_ok=True)


def _forget_credentials() -> None:
    """Nothing in this process or under it may reach a real account."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ |= {
        "AWS_DEFAULT_REGION": REGION,  # the translator asks for one
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": HOST,
    }


def _end_on_signals(stop: asyncio.Event) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
