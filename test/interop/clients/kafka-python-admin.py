"""Creates a topic, fills it, seeks by time, commits with metadata, tells the lag, deletes; prints one JSON value."""
import json
import sys

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, OffsetAndMetadata, TopicPartition
from kafka.admin import NewPartitions, NewTopic
from kafka.errors import TopicAlreadyExistsError

bootstrap, topic, group = sys.argv[1:4]
facts = {}
admin = KafkaAdminClient(bootstrap_servers=bootstrap)
admin.create_topics([NewTopic(topic, num_partitions=2, replication_factor=1)])
try:
    admin.create_topics([NewTopic(topic, num_partitions=2, replication_factor=1)])
except TopicAlreadyExistsError:
    facts["created twice"] = "refused"
admin.create_partitions({topic: NewPartitions(3)})

producer = KafkaProducer(bootstrap_servers=bootstrap, acks="all", max_request_size=2 * 1024 * 1024)
for index in range(10):
    producer.send(topic, value=b"%d" % index, partition=0, timestamp_ms=1_600_000_000_000 + index * 1000)
    producer.flush(30)
large = bytes(97 + index % 26 for index in range(1024 * 1024 - 200))
facts["large offset"] = producer.send(topic, value=large, partition=1).get(30).offset
producer.close()

consumer = KafkaConsumer(
    bootstrap_servers=bootstrap,
    group_id=group,
    enable_auto_commit=False,
    auto_offset_reset="earliest",
    consumer_timeout_ms=20000,
    max_partition_fetch_bytes=2 * 1024 * 1024,
)
facts["partitions"] = sorted(consumer.partitions_for_topic(topic))
zero, one = TopicPartition(topic, 0), TopicPartition(topic, 1)
consumer.assign([zero])
by_time = consumer.offsets_for_times({zero: 1_600_000_006_500})[zero]
facts["by time"] = [by_time.offset, by_time.timestamp]
facts["beginning"] = consumer.beginning_offsets([zero])[zero]
facts["end"] = consumer.end_offsets([zero])[zero]
consumer.seek(zero, by_time.offset)
facts["sought"] = next(consumer).value.decode()
consumer.commit({zero: OffsetAndMetadata(8, "half way")})
facts["committed"] = consumer.committed(zero)
consumer.assign([one])
consumer.seek_to_beginning(one)
facts["large"] = next(consumer).value == large
consumer.close()

committed = admin.list_consumer_group_offsets(group)[zero]
facts["listed"] = [committed.offset, committed.metadata]
facts["lag"] = facts["end"] - committed.offset
facts["groups"] = group in [name for name, _ in admin.list_consumer_groups()]
facts["group state"] = admin.describe_consumer_groups([group])[0].state
facts["group deleted"] = admin.delete_consumer_groups([group])[0][1].__name__
admin.delete_topics([topic])
facts["topic left"] = topic in admin.list_topics()
admin.close()
print(json.dumps(facts))
