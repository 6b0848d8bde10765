"""The event store on PostgreSQL: schema, recorder, group-committing writer, keys of persons."""
