"""Puts the server together: the bot, what keeps conversations, and the channels."""

from __future__ import annotations

from asyncio import to_thread
from functools import partial
from pathlib import Path

from sanic import Sanic

from bot.assistant import Assistant
from bot.housekeeping import (
    HOUR,
    MINUTE,
    QUARTER_MINUTE,
    Closing,
    Repeated,
    forget_old,
    give_up_agents,
    give_up_waiting,
    tell_figures,
)
from bot.journal.journal import Journal
from bot.journal.opening import open_journal
from bot.learning.inbox.inbox import Inbox
from bot.learning.insight.insight import Insight
from bot.learning.models.following import FollowLive
from bot.learning.models.models import Models
from bot.learning.models.processes import ModelProcesses
from bot.learning.runs.runs import Runs
from bot.learning.suspects import Suspects
from bot.orders.acts import OrderActs
from bot.server import create_app
from bot.settings import Settings
from bot.staff.opening import Staff, open_staff
from bot.store.opening import open_store
from bot.switchboard import Switchboard
from connectors.console.channel import ConsolePages
from connectors.console.insight import InsightPages
from connectors.console.labels import LabelRoutes
from connectors.console.models import ModelRoutes
from connectors.console.runs import RunRoutes
from connectors.desk.api import Api
from connectors.desk.channel import DeskChannel
from connectors.desk.orders import OrderRoutes
from connectors.hotline12345.channel import hotline
from connectors.hub import open_hub
from connectors.rest import RestChat
from connectors.signed_in import SignedIn
from connectors.staff.channel import StaffPages
from connectors.web.channel import WebChat
from connectors.web.pages import Pages

QUEUE_SECONDS = 10.0
"""How often those who wait are told how far the queue has moved."""


def application(model: Path, settings: Settings) -> Sanic:
    """Return the application.

    Args:
        model: path of the trained model.
        settings: what this installation has set.
    """
    assistant, store, staff = Assistant(model), open_store(settings), open_staff(settings)
    hub, journal = open_hub(settings.redis_url), open_journal(settings)
    pages = Pages(store, staff.numbers)
    hub.subscribe(pages.on_event)
    switchboard = Switchboard(assistant, store, journal, hub.publish)
    platform = hotline(switchboard, settings)
    orders = OrderActs(
        switchboard, staff.orders, staff.numbers, bool(settings.hotline_callback))
    signed_in = SignedIn(staff)
    api = (Api(store, journal.database, staff, signed_in),
           OrderRoutes(store, staff, signed_in, orders))
    models, processes, runs = Models(), ModelProcesses(staff.database), Runs()
    console = _console(models, processes, runs, journal, staff, signed_in)
    desk = DeskChannel(switchboard, hub.publish, staff, signed_in, api)
    hub.subscribe(desk.on_event)
    channels = (WebChat(switchboard, pages, staff.numbers), RestChat(switchboard), platform,
                StaffPages(staff, signed_in), desk, console)
    services = (
        Closing(store.close), Closing(staff.close), hub, journal,
        FollowLive(assistant, models, processes),
        Repeated(pages.refresh_waiting, QUEUE_SECONDS),
        Repeated(partial(forget_old, store, settings.keep_conversations_days), HOUR),
        Repeated(partial(give_up_waiting, switchboard), HOUR), Repeated(staff.forget_old, HOUR),
        Repeated(partial(give_up_agents, switchboard, staff.presence.all), MINUTE),
        Repeated(partial(to_thread, runs.expire, settings.keep_log_days), HOUR),
        Repeated(orders.leave_rest, QUARTER_MINUTE),
        Repeated(partial(tell_figures, store, journal), QUARTER_MINUTE), *platform.services,
        *desk.services,
    )
    blueprints = [channel.blueprint() for channel in channels]
    return create_app(assistant, settings, blueprints, services)


def _console(
    models: Models, processes: ModelProcesses, runs: Runs, journal: Journal, staff: Staff,
    signed_in: SignedIn,
) -> ConsolePages:
    inbox, labels = Inbox(journal.database, staff.labels), staff.labels
    return ConsolePages(signed_in, (
        LabelRoutes(inbox, labels, Suspects(runs, labels), signed_in),
        RunRoutes(runs, models, staff, signed_in),
        ModelRoutes(models, processes, staff.audit, signed_in),
        InsightPages(Insight(journal.database), signed_in)))


__all__ = ["application"]
