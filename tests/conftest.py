"""Timings never decide a test: no property has a deadline, on a busy machine as on a quiet one."""

from hypothesis import HealthCheck, settings

settings.register_profile("steady", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")
