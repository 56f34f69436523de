"""What the models that run in this process share: their thread, their windows, their runtime."""
