-- What receivers outside are told, and how far that has come. It is no part of the log: a message
-- that is lost here is not sent, and nothing else rests on it.
CREATE TABLE webhook_delivery (
    number bigint GENERATED ALWAYS AS IDENTITY,
    webhook_id text NOT NULL,
    message_id text NOT NULL,
    kind text NOT NULL,
    body text NOT NULL,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'dead')),
    attempts integer NOT NULL DEFAULT 0,
    queued_at timestamptz NOT NULL,
    -- When it is sent next; while it is being sent, when it is taken to be lost.
    next_at timestamptz NOT NULL,
    last_at timestamptz,
    last_status integer,
    last_error text,
    PRIMARY KEY (webhook_id, message_id)
);
CREATE INDEX webhook_delivery_waiting_idx ON webhook_delivery (webhook_id, next_at)
    WHERE state = 'waiting';
CREATE INDEX webhook_delivery_number_idx ON webhook_delivery (webhook_id, number);

GRANT SELECT ON webhook_delivery TO {reader};
ALTER TABLE webhook_delivery ENABLE ROW LEVEL SECURITY;
CREATE POLICY reader ON webhook_delivery FOR SELECT TO {reader}
    USING (current_setting('keyledger.scope', true) = 'company');
