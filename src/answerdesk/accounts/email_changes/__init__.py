"""Changes of the e-mail address that somebody logs in with: asked for, confirmed by a link."""
