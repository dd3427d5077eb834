"""What programs send in and get back through the REST API: camelCase on the wire, a file per subject."""
