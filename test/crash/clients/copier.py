"""Copies one topic to another, exactly once: consumes, transforms and produces in transactions, until its input ends.

One argument, a JSON object; see CopierSettings in test/crash/exactly-once/copiers.ts. Lines on stdout: "ready" when
the transactional id is taken over; "committed PARTITION:FIRST:END ..." when a commit is acknowledged, with what it took of
the source; "ended REASON" when the client can not go on, and somebody else has to take its place (exit 3).
"""
import json
import random
import select
import sys
import time

from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition

settings = json.loads(sys.argv[1])
source, target = settings["source"], settings["target"]
TRY_S = 5
RECORDS_MAX = 200
TRANSACTION_S_MAX = 0.15
ABORT_CHANCE = 0.05
CARELESS_S = 0.1

common = {
    "bootstrap.servers": settings["bootstrap"],
    "reconnect.backoff.ms": 20,
    "reconnect.backoff.max.ms": 200,
    "retry.backoff.ms": 50,
    "log_level": 0,
}
producer = Producer({
    **common,
    "transactional.id": settings["transactionalId"],
    "transaction.timeout.ms": settings["transactionTimeoutMs"],
    "linger.ms": 5,
})
member = {} if settings["instanceId"] is None else {"group.instance.id": settings["instanceId"]}
consumer = Consumer({
    **common,
    **member,
    "group.id": settings["group"],
    "session.timeout.ms": settings["sessionTimeoutMs"],
    "heartbeat.interval.ms": 200,
    "max.poll.interval.ms": 10000,
    "isolation.level": "read_committed",
    "enable.auto.commit": False,
    "auto.offset.reset": "earliest",
    "fetch.wait.max.ms": 50,
    "fetch.error.backoff.ms": 50,
})


def say(line):
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def patiently(call):
    while True:
        try:
            return call()
        except KafkaException as error:
            if not error.args[0].retriable():
                raise


class Transaction:
    """What is open, if anything is. Ranges are [first, end) of each partition of the source."""

    def __init__(self):
        self.ranges = {}
        self.ends_at = 0

    def add(self, record):
        partition, offset = record.partition(), record.offset()
        if not self.ranges:
            producer.begin_transaction()
            self.ends_at = time.monotonic() + random.uniform(0, TRANSACTION_S_MAX)
        first, _ = self.ranges.get(partition, (offset, offset))
        self.ranges[partition] = (first, offset + 1)
        value = b"%d/%d/%s" % (partition, offset, record.value())
        producer.produce(target, value=value, partition=offset % settings["targetPartitions"])

    def is_due(self):
        count = sum(end - first for first, end in self.ranges.values())
        return count >= RECORDS_MAX or (count > 0 and time.monotonic() >= self.ends_at)

    def commit(self):
        offsets = [TopicPartition(source, partition, end) for partition, (_, end) in self.ranges.items()]
        if settings["careless"]:
            self.commit_carelessly(offsets)
        else:
            group = consumer.consumer_group_metadata()
            patiently(lambda: producer.send_offsets_to_transaction(offsets, group, TRY_S))
            patiently(lambda: producer.commit_transaction(TRY_S))
        taken = [f"{partition}:{first}:{end}" for partition, (first, end) in self.ranges.items()]
        say("committed " + " ".join(taken))
        self.ranges = {}

    def commit_carelessly(self, offsets):
        """Records and offsets apart, either first, and time to be killed in between."""
        steps = [
            lambda: consumer.commit(offsets=offsets, asynchronous=False),
            lambda: time.sleep(CARELESS_S),
            lambda: patiently(lambda: producer.commit_transaction(TRY_S)),
        ]
        for step in random.choice([steps, steps[::-1]]):
            step()

    def abort(self):
        """Gives up what is open; the same records are read again."""
        ranges, self.ranges = self.ranges, {}
        patiently(lambda: producer.abort_transaction(TRY_S))
        for partition in consumer.assignment():
            if partition.partition in ranges:
                first, _ = ranges[partition.partition]
                consumer.seek(TopicPartition(source, partition.partition, first))

    def leave(self, *_):
        """The partitions go to others, who begin at what is committed."""
        if self.ranges:
            self.ranges = {}
            patiently(lambda: producer.abort_transaction(TRY_S))


def work(transaction):
    record = consumer.poll(0.02)
    if record is not None and record.error() is not None and record.error().fatal():
        raise KafkaException(record.error())
    try:
        if record is not None and record.error() is None:
            transaction.add(record)
        if transaction.is_due():
            if random.random() < ABORT_CHANCE:
                transaction.abort()
            else:
                transaction.commit()
    except KafkaException as error:
        if error.args[0].fatal():
            raise
        # What cannot be given up either ends the client.
        transaction.abort()


def run():
    patiently(lambda: producer.init_transactions(TRY_S))
    say("ready")
    transaction = Transaction()
    consumer.subscribe([source], on_revoke=transaction.leave, on_lost=transaction.leave)
    while not select.select([sys.stdin], [], [], 0)[0]:
        work(transaction)
    if transaction.ranges:
        transaction.commit()
    consumer.close()


try:
    run()
except KafkaException as problem:
    say(f"ended {problem.args[0].name()}: {problem.args[0].str()}")
    sys.exit(3)
