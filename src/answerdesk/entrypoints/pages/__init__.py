"""The HTML pages: asking, knowledge, accounts, cited passages, the API reference and errors."""
