"""What programs get to see: views of the API that differ from those of the pages."""
