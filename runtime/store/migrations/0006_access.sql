-- Who sees which rows. Questions are asked as {reader}, which can read answers and nothing else, and
-- within a scope that is set for one transaction: `keyledger.scope` (company, manager, rep or
-- nothing), `keyledger.employee` and `keyledger.today`. Without a scope no row is to be seen.
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = {reader_text}) THEN
        CREATE ROLE {reader} NOLOGIN NOBYPASSRLS;
    END IF;
END $$;
GRANT {reader} TO CURRENT_USER;
GRANT USAGE ON SCHEMA {schema} TO {reader};
GRANT SELECT ON ledger, log_head, read_model TO {reader};

-- Read models made before are seen by who sees the company, until the projector guards them.
DO $$ DECLARE found record; BEGIN
    FOR found IN
        SELECT schemaname, tablename FROM pg_tables JOIN read_model ON tables = schemaname
    LOOP
        EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', found.schemaname, {reader_text});
        EXECUTE format('GRANT SELECT ON %I.%I TO %I', found.schemaname, found.tablename, {reader_text});
        EXECUTE format('ALTER TABLE %I.%I ENABLE ROW LEVEL SECURITY', found.schemaname, found.tablename);
        EXECUTE format('CREATE POLICY reader ON %I.%I FOR SELECT TO %I USING '
            '(current_setting(''keyledger.scope'', true) = ''company'')',
            found.schemaname, found.tablename, {reader_text});
    END LOOP;
END $$;

-- The functions find the tables of the read models `access` and `access_grants` under their bare names when they are
-- called, not now: which build answers changes.
SET LOCAL check_function_bodies = off;

-- The employee who asks and, for a manager, all who report to them, directly or through others.
CREATE FUNCTION own_people() RETURNS SETOF text LANGUAGE sql STABLE AS $$
    WITH RECURSIVE below (employee_id) AS (
        SELECT current_setting('keyledger.employee', true) COLLATE "C"
        WHERE current_setting('keyledger.scope', true) IN ('manager', 'rep')
        UNION
        SELECT access_staff.employee_id
        FROM below JOIN access_staff ON access_staff.manager_id = below.employee_id
        WHERE current_setting('keyledger.scope', true) = 'manager')
    SELECT employee_id FROM below
$$;

-- The grants of the employee who asks that hold today.
CREATE FUNCTION own_grants() RETURNS TABLE (region_id text, account_id text)
LANGUAGE sql STABLE AS $$
    SELECT held.region_id, held.account_id FROM access_grant AS held
    WHERE held.employee_id = current_setting('keyledger.employee', true)
        AND held.valid_to IS NULL AND NOT held.revoked
        AND held.until_on >= current_setting('keyledger.today', true)
$$;

-- The region of a manager, those that are granted, and all below them.
CREATE FUNCTION own_regions() RETURNS SETOF text LANGUAGE sql STABLE AS $$
    WITH RECURSIVE below (region_id) AS (
        (SELECT region_id FROM access_staff
        WHERE employee_id = current_setting('keyledger.employee', true)
            AND current_setting('keyledger.scope', true) = 'manager'
        UNION
        SELECT granted.region_id FROM own_grants() AS granted
        WHERE granted.region_id IS NOT NULL)
        UNION
        SELECT access_branch.region_id
        FROM below JOIN access_branch ON access_branch.parent_id = below.region_id)
    SELECT region_id FROM below
$$;

-- What stands for the employee who asks among those who are named to decide.
CREATE FUNCTION own_seats() RETURNS SETOF text LANGUAGE sql STABLE AS $$
    SELECT 'employee:' || employee_id FROM access_staff
    WHERE employee_id = current_setting('keyledger.employee', true)
    UNION ALL
    SELECT 'role:' || held || '@' || region_id FROM access_staff, unnest(roles) AS held
    WHERE employee_id = current_setting('keyledger.employee', true)
$$;

CREATE FUNCTION visible_accounts() RETURNS SETOF text LANGUAGE sql STABLE AS $$
    SELECT account_id FROM access_place
    WHERE kind = 'account' AND owner_id = ANY (ARRAY(SELECT own_people()))
    UNION
    SELECT account_id FROM access_place
    WHERE kind = 'account' AND region_id = ANY (ARRAY(SELECT own_regions()))
    UNION
    SELECT account_id FROM access_seat
    WHERE employee_id = current_setting('keyledger.employee', true)
        AND current_setting('keyledger.scope', true) IN ('manager', 'rep')
    UNION
    SELECT granted.account_id FROM own_grants() AS granted WHERE granted.account_id IS NOT NULL
$$;

-- The records with a place of their own, of one kind or, for NULL, of every kind.
CREATE FUNCTION visible_places(wanted text) RETURNS TABLE (record text, record_id text)
LANGUAGE sql STABLE AS $$
    WITH seen AS MATERIALIZED (SELECT array_agg(account_id) AS accounts
        FROM visible_accounts() AS account_id)
    SELECT place.record, place.record_id FROM access_place AS place
    WHERE (wanted IS NULL OR kind = wanted) AND owner_id = ANY (ARRAY(SELECT own_people()))
    UNION
    SELECT place.record, place.record_id FROM access_place AS place
    WHERE (wanted IS NULL OR kind = wanted) AND region_id = ANY (ARRAY(SELECT own_regions()))
    UNION
    SELECT place.record, place.record_id FROM access_place AS place
    WHERE (wanted IS NULL OR kind = wanted) AND account_id = ANY ((SELECT accounts FROM seen)::text[])
        AND (other_id IS NULL OR other_id = ANY ((SELECT accounts FROM seen)::text[]))
    UNION
    SELECT place.record, place.record_id
    FROM access_party JOIN access_place AS place ON place.record = access_party.record
    WHERE (wanted IS NULL OR kind = wanted) AND seat = ANY (ARRAY(SELECT own_seats()))
        AND current_setting('keyledger.scope', true) IN ('manager', 'rep')
$$;

CREATE FUNCTION visible_records(wanted text) RETURNS SETOF text LANGUAGE sql STABLE AS $$
    SELECT record_id FROM visible_places(wanted)
$$;

CREATE FUNCTION visible_streams() RETURNS SETOF text LANGUAGE sql STABLE AS $$
    SELECT record FROM visible_places(NULL)
$$;
