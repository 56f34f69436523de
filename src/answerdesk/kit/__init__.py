"""Pure helpers. They import nothing else of Answerdesk and touch no disk, clock or network."""
