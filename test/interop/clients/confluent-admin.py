"""Creates a topic, fills it, seeks by time, commits, tells the lag, deletes; prints one JSON value."""
import json
import sys

from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, ConfigResource, NewPartitions, NewTopic

bootstrap, topic, group = sys.argv[1:4]
facts = {}
admin = AdminClient({"bootstrap.servers": bootstrap})


def settle(futures):
    for future in futures.values():
        future.result(30)


settle(admin.create_topics([NewTopic(topic, 2, 1, config={"retention.ms": "123456789"})]))
try:
    settle(admin.create_topics([NewTopic(topic, 2, 1)]))
except Exception as error:
    facts["created twice"] = error.args[0].name()
settle(admin.create_partitions([NewPartitions(topic, 3)]))
resource = ConfigResource("topic", topic)
facts["retention"] = admin.describe_configs([resource])[resource].result(30)["retention.ms"].value

producer = Producer({"bootstrap.servers": bootstrap, "acks": "all"})
for index in range(10):
    producer.produce(topic, value=str(index), partition=0, timestamp=1_600_000_000_000 + index * 1000)
    producer.flush(30)

consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": group, "enable.auto.commit": False})
metadata = consumer.list_topics(topic, 30)
facts["partitions"] = sorted(metadata.topics[topic].partitions)
[found] = consumer.offsets_for_times([TopicPartition(topic, 0, 1_600_000_006_500)], 30)
facts["by time"] = found.offset
facts["watermarks"] = consumer.get_watermark_offsets(TopicPartition(topic, 0), 30)
consumer.assign([found])
record = consumer.poll(20)
facts["sought"] = [record.offset(), record.value().decode(), record.timestamp()]
consumer.commit(offsets=[TopicPartition(topic, 0, 8)], asynchronous=False)
[committed] = consumer.committed([TopicPartition(topic, 0)], 30)
facts["committed"] = committed.offset
facts["lag"] = facts["watermarks"][1] - committed.offset
consumer.close()

facts["groups"] = group in [each.id for each in admin.list_groups(timeout=30)]
settle(admin.delete_topics([topic], operation_timeout=30))
facts["topic left"] = topic in admin.list_topics(timeout=30).topics
print(json.dumps(facts))
