"""A local stand-in for Resend: its e-mail API over tables, read by the mailbox page."""
