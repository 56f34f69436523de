"""What every slice builds on: settings, database, tenancy, errors, events, due work, web."""
