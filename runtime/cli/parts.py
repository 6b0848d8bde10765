"""The parts of a running ledger: a verb for each, and what it runs until it is told to stop."""

import gc
import threading
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import ExitStack
from functools import partial

from runtime.cli.options import LogOption, settings_with
from runtime.settings import Settings
from runtime.stopping import until_told
from runtime.supervisor import end_with

Loop = Callable[[threading.Event], None]


def relay() -> None:
    """Publish what is recorded to Kafka, each fact exactly once and in order."""
    settings = settings_with()
    begin(settings, "relay")
    from runtime.composition import bootstrap_of, database_of
    from runtime.log.relay import Relay
    from runtime.store.migrate import migrate

    database, bootstrap = database_of(settings, "relay"), bootstrap_of(settings)
    migrate(database, settings.ledger, settings.zone.key)
    Relay(database, settings.ledger, bootstrap).run(until_told())


def project(log: LogOption = None) -> None:
    """Keep the read models up to date."""
    settings = settings_with(log=log)
    begin(settings, "project")
    from projections.catalogue import GROUPS
    from runtime.composition import database_of, log_source
    from runtime.projector import Projector
    from runtime.store.migrate import migrate

    database = database_of(settings, "project")
    migrate(database, settings.ledger, settings.zone.key)
    with ExitStack() as open_sources:
        sources = [open_sources.enter_context(log_source(settings, database)) for _ in GROUPS]
        projectors = [
            Projector(database, settings.ledger, source, group)
            for source, group in zip(sources, GROUPS, strict=True)
        ]
        together(until_told(), *(projector.run for projector in projectors))


def react(log: LogOption = None) -> None:
    """Do what follows from facts and the calendar: keys, days, escalations, alerts, webhooks."""
    settings = settings_with(log=log)
    begin(settings, "react")
    from runtime.alerter import Alerter
    from runtime.composition import clock, database_of, ledger_pool, log_source, system
    from runtime.reactor import DayCloser, Eraser, Escalator, follow_days
    from runtime.webhooks.announcer import Announcer
    from runtime.webhooks.deliverer import Deliverer
    from runtime.webhooks.deliveries import Deliveries
    from runtime.webhooks.signing import WebhookSecrets

    database = database_of(settings, "react")
    # A system and a source are each for one thread: alerts are raised, and told, beside the rest.
    with (
        system(settings, database) as house,
        log_source(settings, database) as source,
        system(settings, database) as watch,
        log_source(settings, database) as watched,
        ledger_pool(settings, database, size=4) as outward,
        log_source(settings, database) as announced,
    ):
        eraser = Eraser(house.pool, source, house.keyring)
        begins = settings.first_day == "yesterday"
        closer = DayCloser(house.desk, settings.ledger, settings.zone, clock, begins)
        escalator = Escalator(house.desk, house.pool, settings.ledger, settings.zone, clock)
        alerter = Alerter(watch.desk, watch.pool, watched, settings.ledger, settings.zone, clock)
        deliveries = Deliveries(outward)
        announcer = Announcer(outward, announced, deliveries, clock)
        secrets = WebhookSecrets(settings.webhook_key_file)
        deliverer = Deliverer(deliveries, secrets, settings.webhooks_inside, clock)
        together(
            until_told(),
            eraser.run,
            partial(follow_days, closer, escalator),
            alerter.run,
            announcer.run,
            deliverer.run,
        )


def replays() -> None:
    """Carry out the replays that were asked for, one at a time, so that nobody waits for them."""
    settings = settings_with()
    begin(settings, "replays")
    from datetime import timedelta

    import structlog

    from runtime.composition import clock, database_of
    from runtime.replays.carrying import WhatIfs
    from runtime.replays.queue import Queue, queue_connection
    from runtime.replays.worker import Worker
    from runtime.store.migrate import migrate

    database = database_of(settings, "replays")
    migrate(database, settings.ledger, settings.zone.key)
    with queue_connection(database, settings.ledger) as connection:
        queue = Queue(connection, clock, timedelta(days=settings.replay_days))
        carry_out = WhatIfs(database, settings.ledger)
        worker = Worker(queue, settings.replays, carry_out, structlog.get_logger("replays"))
        worker.run(until_told())


def begin(settings: Settings, part: str) -> None:
    """What every part does first."""
    from runtime.telemetry import start_telemetry

    start_telemetry(part, settings.log_level)
    collect_seldom()
    if settings.supervisor is not None:
        end_with(settings.supervisor)


def collect_seldom() -> None:
    """Look for garbage in cycles seldom.

    What a part keeps, it keeps for long: folded streams, versions, decoded facts. Going through
    all of it after every few hundred new objects takes a third of the time of a command or a fold.
    """
    gc.set_threshold(10_000, 500, 100)


def together(stop: threading.Event, *loops: Loop) -> None:
    """Run the loops side by side until ``stop``, or until one ends; then end all of them.

    Raises:
        Exception: what ended a loop. It is never passed over: the process ends with it.
    """
    with ThreadPoolExecutor(len(loops)) as threads:
        running = [threads.submit(loop, stop) for loop in loops]
        wait(running, return_when=FIRST_COMPLETED)
        stop.set()
    for loop in running:
        loop.result()
