"""What is kept: tables, repositories, migrations, events. The database is the checkpoint."""
