"""An idempotent producer that never gives up, until its input ends.

Arguments: bootstrap, topic, number of partitions, records a second. A line for each record: "s PARTITION SEQUENCE" when
it is sent, "a PARTITION SEQUENCE OFFSET" when it is acknowledged, "f PARTITION SEQUENCE ERROR" when it failed.
"""
import select
import sys

from confluent_kafka import Producer

bootstrap, topic = sys.argv[1:3]
partitions, rate = int(sys.argv[3]), int(sys.argv[4])
OUTSTANDING_MAX = 2000
TICK_S = 0.02

producer = Producer({
    "bootstrap.servers": bootstrap,
    "enable.idempotence": True,
    "acks": "all",
    "compression.type": "gzip",
    "linger.ms": 5,
    "message.timeout.ms": 0,
    "reconnect.backoff.ms": 20,
    "reconnect.backoff.max.ms": 200,
    "retry.backoff.ms": 50,
    "topic.metadata.refresh.interval.ms": 1000,
    "log_level": 0,
})
out = sys.stdout


def reporter(partition, sequence):
    def report(error, message):
        if error is None:
            out.write(f"a {partition} {sequence} {message.offset()}\n")
        else:
            out.write(f"f {partition} {sequence} {error}\n")

    return report


sequences = [0] * partitions
turn = 0
while not select.select([sys.stdin], [], [], TICK_S)[0]:
    for _ in range(max(1, int(rate * TICK_S))):
        if len(producer) >= OUTSTANDING_MAX:
            break
        partition = turn % partitions
        turn += 1
        sequence = sequences[partition]
        sequences[partition] += 1
        value = f"librdkafka:{partition}:{sequence}:{'x' * (sequence * 37 % 900)}"
        out.write(f"s {partition} {sequence}\n")
        producer.produce(topic, value=value, partition=partition, on_delivery=reporter(partition, sequence))
    out.flush()
    producer.poll(0)
    out.flush()
left = producer.flush(60)
out.flush()
sys.exit(1 if left > 0 else 0)
