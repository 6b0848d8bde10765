-- What-ifs in the background. They are no facts: nothing of them is in the log or in a read model.
CREATE TABLE replay (
    id text COLLATE "C" PRIMARY KEY,
    number bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    key_id text COLLATE "C" NOT NULL,
    actor text NOT NULL,
    question text NOT NULL,
    digest bytea NOT NULL,
    state text NOT NULL DEFAULT 'waiting'
        CHECK (state IN ('waiting', 'running', 'done', 'cancelled', 'failed')),
    asked_at timestamptz NOT NULL,
    started_at timestamptz,
    seen_at timestamptz,
    finished_at timestamptz,
    keep_until timestamptz,
    -- How often it was taken up: whoever does it with an older number has lost it.
    attempt integer NOT NULL DEFAULT 0,
    -- How often since it last came on: what kills its workers is given up.
    fruitless integer NOT NULL DEFAULT 0,
    position bigint,
    doing text,
    done bigint NOT NULL DEFAULT 0,
    total bigint,
    rate double precision,
    -- The most that was ever done, of which step: what comes no further is fruitless.
    furthest_step integer NOT NULL DEFAULT -1,
    furthest bigint NOT NULL DEFAULT 0,
    failure jsonb,
    results jsonb NOT NULL DEFAULT '{}',
    findings jsonb NOT NULL DEFAULT '[]'
);
CREATE INDEX replay_open_idx ON replay (number) WHERE state IN ('waiting', 'running');

-- A result in parts, written in one transaction with the state `done`.
CREATE TABLE replay_result (
    replay_id text COLLATE "C" NOT NULL REFERENCES replay ON DELETE CASCADE,
    format text NOT NULL,
    part integer NOT NULL,
    octets bytea NOT NULL,
    PRIMARY KEY (replay_id, format, part)
);

-- Which replays a proposal names: those are kept.
CREATE INDEX events_proposed_scoring_idx ON events (notification_id)
    WHERE topic = 'scoring_policy.proposed';
