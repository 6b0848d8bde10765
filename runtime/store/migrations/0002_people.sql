-- Keys of persons, wrapped by a master key that is never in the database, and the blind index
-- by which a person is found again. Both are what erasing destroys.
CREATE TABLE person_key (
    key_id uuid PRIMARY KEY,
    subject uuid NOT NULL UNIQUE,
    master_key_id text NOT NULL,
    wrapped bytea NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE person_index (
    blind bytea PRIMARY KEY,
    subject uuid NOT NULL
);
CREATE INDEX person_index_subject_idx ON person_index (subject);
