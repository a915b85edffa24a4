"""What AWS publishes and what is assumed of its speed: all that the model takes from outside.

Quotas are those of an account in us-east-1. Read in AWS's documentation in November 2026: a
partition's units, the API's requests, the sockets. From memory of it: a table's units, Lambda's
and Twilio's. Latencies are round guesses; nothing here was measured on AWS.
"""

from __future__ import annotations

# DynamoDB, "Best practices for designing partition keys" and "Quotas"
PARTITION_WRITE_UNITS = 1_000  # a second, for one partition of a table or an index
PARTITION_READ_UNITS = 3_000
TABLE_WRITE_UNITS = 40_000  # on demand, a table or index, before it is raised
UNIT_WRITE_BYTES = 1_024
UNIT_READ_BYTES = 4_096
QUERY_PAGE_BYTES = 1024 * 1024
TRANSACTION = 2  # units for each unit written in one; an index is written with one

# API Gateway, "Amazon API Gateway quotas" and "Quotas for WebSocket APIs"
ACCOUNT_REQUESTS = 10_000  # a second: HTTP, REST, WebSocket and posts to sockets together
ACCOUNT_BURST = 5_000
SOCKETS_OPENED = 500  # a second
SOCKET_HOURS = 2

# Lambda, "Lambda quotas" and "Using Lambda with DynamoDB"
FUNCTIONS_AT_ONCE = 1_000  # a new account may have ten until it asks
STREAM_POLLS = 4  # a second, for each shard

# Twilio, "Understanding rate limits and message queues"
LONG_CODE_TEXTS = 1  # a second, for each number
TWILIO_AT_ONCE = 100  # requests of one account under way

# Assumed milliseconds.
POST_MS = 20.0  # one post to a socket
HUNG_MS = 2_000.0  # a post without an answer: the read time-out (realtime/clients/gateway.py)
QUERY_PAGE_MS = 15.0
SEND_BATCH_MS = 10.0
TRANSACTION_MS = 40.0  # one of about a hundred items
STREAM_MS = 150.0  # from the commit until the record can be read
QUEUE_MS = 30.0  # from the queue to the function that waits for it
PRESS_MS = 25.0  # a press, from the gateway to the answer
CHUNKING_MS = 150.0  # CPU of the function that reads the stream, for a burst of 500
