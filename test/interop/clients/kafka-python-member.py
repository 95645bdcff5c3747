"""A group member: prints its partitions at every assignment, a JSON value a line, until its input ends."""
import json
import select
import sys

from kafka import ConsumerRebalanceListener, KafkaConsumer

bootstrap, topic, group = sys.argv[1:4]


class Listener(ConsumerRebalanceListener):
    def on_partitions_revoked(self, revoked):
        pass

    def on_partitions_assigned(self, assigned):
        print(json.dumps({"assigned": sorted(partition.partition for partition in assigned)}), flush=True)


consumer = KafkaConsumer(
    bootstrap_servers=bootstrap,
    group_id=group,
    heartbeat_interval_ms=100,
    session_timeout_ms=6000,
    auto_offset_reset="earliest",
)
consumer.subscribe([topic], listener=Listener())
while not select.select([sys.stdin], [], [], 0)[0]:
    for records in consumer.poll(timeout_ms=50).values():
        for record in records:
            print(json.dumps({"value": (record.value or b"").decode()}), flush=True)
consumer.close()
