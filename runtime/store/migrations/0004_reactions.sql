-- How far each reaction has read; moved only after its effect is done.
CREATE TABLE reaction_cursor (
    name text PRIMARY KEY,
    position bigint NOT NULL
);
