-- The log of one ledger. Runs with search_path set to the ledger's schema.
-- The first five columns are the `eventsourcing` library's; leaf and leaf_hash are ours.
CREATE TABLE events (
    originator_id text NOT NULL,
    originator_version bigint NOT NULL CHECK (originator_version > 0),
    topic text NOT NULL,
    state bytea NOT NULL,
    notification_id bigint NOT NULL CHECK (notification_id > 0),
    leaf bytea NOT NULL,
    leaf_hash bytea NOT NULL CHECK (octet_length(leaf_hash) = 32),
    PRIMARY KEY (originator_id, originator_version)
);
CREATE UNIQUE INDEX events_notification_id_idx ON events (notification_id);

-- One row. Its lock orders all appends; n is the last position, so positions have no hole.
CREATE TABLE log_head (
    id integer PRIMARY KEY CHECK (id = 1),
    n bigint NOT NULL,
    recorded_at timestamptz NOT NULL
);
INSERT INTO log_head VALUES (1, 0, '1970-01-01T00:00:00Z');

-- What a command was answered, without its content: positions and a digest of the request.
CREATE TABLE receipts (
    command_id uuid PRIMARY KEY,
    digest bytea NOT NULL,
    stream text NOT NULL,
    stream_version bigint NOT NULL,
    position bigint NOT NULL,
    events integer NOT NULL
);

CREATE TABLE relay (
    id integer PRIMARY KEY CHECK (id = 1),
    epoch bigint NOT NULL DEFAULT 0,
    published_to bigint NOT NULL DEFAULT 0,
    topic_id text
);
INSERT INTO relay (id) VALUES (1);

-- What a ledger is once and for all.
CREATE TABLE ledger (
    id integer PRIMARY KEY CHECK (id = 1),
    name text NOT NULL,
    zone text NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now()
);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log is append-only: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER receipts_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON receipts
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER log_head_stays BEFORE DELETE OR TRUNCATE ON log_head
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_fixed BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
