-- How far each build of a read model has come. The tables of a build stand in a schema of their
-- own; the current build answers the questions, the one before it is kept for going back.
CREATE TABLE read_model (
    name text NOT NULL,
    build integer NOT NULL CHECK (build > 0),
    version integer NOT NULL,
    tables text NOT NULL UNIQUE,
    position bigint NOT NULL DEFAULT 0,
    state text NOT NULL CHECK (state IN ('filling', 'current', 'kept')),
    made_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (name, build)
);
CREATE UNIQUE INDEX read_model_current_idx ON read_model (name) WHERE state = 'current';
