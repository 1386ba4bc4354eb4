"""What gunicorn reads wherever it is started in this folder: secrets of links stay out of its log."""

logger_class = "velory.access_log.AccessLog"
