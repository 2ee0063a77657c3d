"""What is seen from outside: numbers for Prometheus (metrics), the way of a call for OpenTelemetry (tracing)."""
