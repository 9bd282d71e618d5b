"""Counters of one server, for Prometheus. Never an id, a name or an address among them."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)


class Metrics:
    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.commands = Counter(
            "bangfu_commands",
            "Commands and batches handed in, by code of refusal.",
            ["code"],
            registry=self.registry,
        )
        self.seconds = Histogram(
            "bangfu_command_seconds",
            "From the whole body to the durable decision.",
            registry=self.registry,
            buckets=_SECONDS,
        )
        self._gauges = {
            name: Gauge(f"bangfu_{name}", text, registry=self.registry)
            for name, text in (
                ("log_size", "Entries in the log."),
                ("projected_size", "Entries that are in the read tables."),
                ("verified_size", "Entries that the server's own verification has covered."),
                ("following", "Whether the read tables are followed."),
                ("writable", "Whether commands are taken."),
            )
        }

    def text(self, **gauges: float) -> bytes:
        """The exposition, with the gauges as they are now."""
        for name, value in gauges.items():
            self._gauges[name].set(value)
        return generate_latest(self.registry)
