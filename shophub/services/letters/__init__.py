"""The e-mails: what each is about, read from the tables at the moment of sending."""
