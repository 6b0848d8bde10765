-- Who works where is asked of the log itself, which unlike a read model is never behind.
CREATE INDEX events_staff_idx ON events (originator_id)
    WHERE topic IN ('employee.hired', 'employee.moved');
