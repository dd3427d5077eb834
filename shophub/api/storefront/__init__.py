"""The HTML of public pages, sent before any script runs: for crawlers, previews, slow phones and no JavaScript."""
