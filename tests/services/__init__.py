"""What tests stand on: databases, the browser, the corpus, and the rules about skips and the network."""
