"""A group member: prints its assignment whenever it changes, until its input ends.

Arguments: bootstrap, topic, group, strategy, and an instance id for a static member.
"""
import json
import select
import sys

from confluent_kafka import Consumer

bootstrap, topic, group, strategy = sys.argv[1:5]
settings = {
    "bootstrap.servers": bootstrap,
    "group.id": group,
    "partition.assignment.strategy": strategy,
    "heartbeat.interval.ms": 100,
    "session.timeout.ms": 10000,
    "auto.offset.reset": "earliest",
}
if len(sys.argv) > 5:
    settings["group.instance.id"] = sys.argv[5]
consumer = Consumer(settings)
held = set()


def say(**facts):
    print(json.dumps(facts), flush=True)


def assigned(_consumer, partitions):
    numbers = {each.partition for each in partitions}
    held.update(numbers)
    say(assigned=sorted(numbers), held=sorted(held))


def revoked(_consumer, partitions):
    numbers = {each.partition for each in partitions}
    held.difference_update(numbers)
    say(revoked=sorted(numbers), held=sorted(held))


consumer.subscribe([topic], on_assign=assigned, on_revoke=revoked, on_lost=revoked)
while not select.select([sys.stdin], [], [], 0)[0]:
    record = consumer.poll(0.05)
    if record is not None and record.error() is None:
        say(value=(record.value() or b"").decode())
consumer.close()
