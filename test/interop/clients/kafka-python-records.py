"""Produces with every codec that is installed and reads back; prints what was read, a JSON value a line."""
import json
import sys

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.codec import has_gzip, has_lz4, has_snappy, has_zstd

bootstrap, topic = sys.argv[1:3]
codecs = [None] + [
    name
    for name, there in (("gzip", has_gzip()), ("snappy", has_snappy()), ("lz4", has_lz4()), ("zstd", has_zstd()))
    if there
]

expected = 0
for codec in codecs:
    producer = KafkaProducer(bootstrap_servers=bootstrap, acks="all", compression_type=codec, linger_ms=50)
    name = (codec or "none").encode()
    for index in range(50):
        producer.send(topic, key=b"%d" % index, value=name * (index + 1), headers=[("codec", name), ("n", b"")], partition=0)
    producer.send(topic, key=None, value=b"no key", partition=0)
    producer.send(topic, key=b"tombstone", value=None, partition=0)
    producer.flush(30)
    producer.close()
    expected += 52

consumer = KafkaConsumer(bootstrap_servers=bootstrap, auto_offset_reset="earliest", consumer_timeout_ms=20000, check_crcs=True)
partition = TopicPartition(topic, 0)
consumer.assign([partition])
consumer.seek_to_beginning(partition)
for _ in range(expected):
    record = next(consumer)
    print(json.dumps({
        "offset": record.offset,
        "key": record.key and record.key.decode(),
        "value": record.value if record.value is None else record.value.decode(),
        "headers": [[name, value.decode()] for name, value in record.headers],
    }))
consumer.close()
