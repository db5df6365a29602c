"""What the gateway remembers: agreements, sessions, carts, orders, inbox, outbox, journal."""
