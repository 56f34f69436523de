"""What every slice stands on: settings, database, tenancy, errors, events, due work, web."""
