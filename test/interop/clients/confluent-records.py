"""Produces with every codec, plain and idempotent, and reads back; prints what was read, a JSON value a line."""
import json
import os
import sys

from confluent_kafka import OFFSET_BEGINNING, Consumer, Producer, TopicPartition

bootstrap, topic = sys.argv[1:3]
failures = []
# Version 1.7 of the client gives up references to None that it does not own: here are some to spare, and the program
# ends without the interpreter's last count.
SPARE = [None] * 100_000


def delivered(error, _message):
    if error is not None:
        failures.append(str(error))


expected = 0
for codec in ("none", "gzip", "snappy", "lz4", "zstd"):
    for idempotent in (False, True):
        producer = Producer({
            "bootstrap.servers": bootstrap,
            "compression.type": codec,
            "enable.idempotence": idempotent,
            "acks": "all",
            "linger.ms": 20,
            "message.max.bytes": 2_000_000,
        })
        headers = [("codec", codec.encode()), ("null", None), ("empty", b""), ("codec", b"again")]
        for index in range(50):
            value = codec * (index + 1)
            producer.produce(topic, key=str(index), value=value, headers=headers, partition=0, on_delivery=delivered)
        producer.produce(topic, key=None, value="no key", partition=0, on_delivery=delivered)
        producer.produce(topic, key="tombstone", value=None, partition=0, on_delivery=delivered)
        producer.produce(topic, key="large", value=b"x" * (1024 * 1024 - 200), partition=0, on_delivery=delivered)
        if producer.flush(30) > 0:
            failures.append("not delivered in time")
        expected += 53
if failures:
    sys.exit("\n".join(failures))

consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "none", "check.crcs": True})
consumer.assign([TopicPartition(topic, 0, OFFSET_BEGINNING)])
for _ in range(expected):
    record = consumer.poll(20)
    if record is None or record.error() is not None:
        sys.exit("no record: %s" % (record and record.error()))
    value = record.value()
    print(json.dumps({
        "offset": record.offset(),
        "key": record.key() and record.key().decode(),
        "value": value if value is None else value.decode() if len(value) < 1000 else len(value),
        "headers": [[name, data if data is None else data.decode()] for name, data in record.headers() or []],
    }))
consumer.close()
sys.stdout.flush()
os._exit(0)
