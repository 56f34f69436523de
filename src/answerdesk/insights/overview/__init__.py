"""The overview: how a project did on the days of a period, compared with as many days before."""
