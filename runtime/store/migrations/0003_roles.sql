-- The role that appends: it can insert and read, and update nothing but the head.
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = {writer_text}) THEN
        CREATE ROLE {writer} NOLOGIN;
    END IF;
END $$;
GRANT {writer} TO CURRENT_USER;
GRANT USAGE ON SCHEMA {schema} TO {writer};
GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {writer};
REVOKE ALL ON person_key, person_index FROM {writer};
GRANT INSERT ON events, receipts TO {writer};
GRANT UPDATE ON log_head TO {writer};
