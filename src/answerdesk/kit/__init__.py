"""Pure helpers. They import nothing else of Answerdesk and use no disk, clock or network."""
