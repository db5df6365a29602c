"""The embedded bookshop beyond the contract: races, tables, imports."""
