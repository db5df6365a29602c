"""What comes in over HTTP and goes back: thin Flask views, each room with its own pages."""
