"""Reads committed records of topics from their beginnings until its input ends.

Arguments: bootstrap, then TOPIC:PARTITIONS for each topic. A line for each record: "TOPIC PARTITION OFFSET VALUE".
"""
import select
import sys

from confluent_kafka import OFFSET_BEGINNING, Consumer, TopicPartition

consumer = Consumer({
    "bootstrap.servers": sys.argv[1],
    "group.id": "committed-reader",
    "isolation.level": "read_committed",
    "enable.auto.commit": False,
    "auto.offset.reset": "error",
    "fetch.wait.max.ms": 100,
    "fetch.error.backoff.ms": 50,
    "reconnect.backoff.ms": 20,
    "reconnect.backoff.max.ms": 200,
    "log_level": 0,
})
places = []
for topic, count in (argument.rsplit(":", 1) for argument in sys.argv[2:]):
    places += [TopicPartition(topic, partition, OFFSET_BEGINNING) for partition in range(int(count))]
consumer.assign(places)
while not select.select([sys.stdin], [], [], 0)[0]:
    for record in consumer.consume(500, 0.1):
        if record.error() is None:
            print(record.topic(), record.partition(), record.offset(), record.value().decode())
        elif record.error().name() == "_AUTO_OFFSET_RESET":
            sys.exit(str(record.error()))
    sys.stdout.flush()
consumer.close()
