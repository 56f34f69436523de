"""Bodies on their way to endpoints: when each is sent, what came of it, and sending it again."""
