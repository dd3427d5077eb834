"""The demo store: a made-up but believable shop for trying things out; refused in production."""
