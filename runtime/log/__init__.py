"""The log on Apache Kafka: the broker of this machine, the relay into it, the sources out of it."""
