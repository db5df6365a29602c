"""Orders as library systems read them: one model, a file for each format (library-systems.md §2)."""
