"""The description of the REST API: what every route answers, in OpenAPI 3.1."""
