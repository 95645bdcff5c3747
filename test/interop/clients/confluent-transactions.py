"""Consumes, transforms and produces in transactions; prints what a reader of committed records finds, as one JSON value.

The first half of the input is copied by one transactional producer, which every third time aborts and starts over. Then
it is fenced by a second one, in the middle of a transaction, which copies the rest.
"""
import json
import sys

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaException, Producer, TopicPartition

bootstrap, source, target, group = sys.argv[1:5]
COUNT = 60
facts = {}


def transactional(**more):
    producer = Producer({"bootstrap.servers": bootstrap, "transactional.id": group, "linger.ms": 0, **more})
    producer.init_transactions(30)
    return producer


def reader(isolation):
    return Consumer({
        "bootstrap.servers": bootstrap,
        "group.id": group,
        "isolation.level": isolation,
        "enable.auto.commit": False,
        "auto.offset.reset": "earliest",
    })


def values_of(topic, isolation):
    consumer = reader(isolation)
    consumer.assign([TopicPartition(topic, 0, OFFSET_BEGINNING)])
    end = consumer.get_watermark_offsets(TopicPartition(topic, 0), 30)[1]
    values = []
    while consumer.position([TopicPartition(topic, 0)])[0].offset < end:
        record = consumer.poll(1)
        if record is not None and record.error() is None:
            values.append(record.value().decode())
    consumer.close()
    return values


plain = Producer({"bootstrap.servers": bootstrap})
for index in range(COUNT):
    plain.produce(source, value=str(index), partition=0)
plain.flush(30)

consumer = reader("read_committed")
consumer.subscribe([source])


def take(count):
    records = []
    while len(records) < count:
        record = consumer.poll(20)
        if record is None or record.error() is not None:
            sys.exit("no record: %s" % (record and record.error()))
        records.append(record)
    return records


def copy(producer, records):
    producer.begin_transaction()
    for record in records:
        producer.produce(target, value=record.value(), partition=0)
    offsets = [TopicPartition(source, 0, records[-1].offset() + 1)]
    producer.send_offsets_to_transaction(offsets, consumer.consumer_group_metadata(), 30)


first = transactional()
for turn in range(6):
    records = take(5)
    if turn % 3 == 2:
        copy(first, records)
        # An abort drops what is still queued in the client: what is to be counted as aborted has to be on the broker.
        first.flush(30)
        first.abort_transaction(30)
    copy(first, records)
    first.commit_transaction(30)

records = take(5)
copy(first, records)
first.flush(30)
second = transactional()
try:
    first.commit_transaction(30)
except KafkaException as error:
    facts["fenced"] = [error.args[0].name(), error.args[0].fatal()]
copy(second, records)
second.commit_transaction(30)
for turn in range(5):
    copy(second, take(5))
    second.commit_transaction(30)
[committed] = consumer.committed([TopicPartition(source, 0)], 30)
facts["offset"] = committed.offset
consumer.close()

facts["committed"] = values_of(target, "read_committed")
facts["uncommitted"] = len(values_of(target, "read_uncommitted"))
print(json.dumps(facts))
