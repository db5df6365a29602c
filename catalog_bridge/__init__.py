"""The bookshop: its interface, its rules, and a working one."""
