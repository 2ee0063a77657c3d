"""The HTTP door: /api/v1, served by the controller itself. `app` puts it together; each route says who may use it."""
