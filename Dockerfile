# One image for web, worker, beat and migrate. Built in two stages: the tools stay behind.

FROM python:3.13-slim AS build
ENV UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1 UV_PYTHON=/usr/local/bin/python3 UV_PYTHON_DOWNLOADS=never
RUN pip install --no-cache-dir uv==0.13.9
WORKDIR /velory
COPY pyproject.toml uv.lock package.json package-lock.json .npmrc ./
RUN uv sync --frozen --no-default-groups --group embedded
COPY . .
RUN python3 bin/frontend.py \
    && .venv/bin/python manage.py texts --compile \
    && .venv/bin/python manage.py collectstatic --noinput --ignore src --ignore '*.gz' --ignore '*.br' \
    && uv sync --frozen --no-default-groups \
    && rm -rf node_modules .velory/stamps

FROM python:3.13-slim
ENV PATH=/velory/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DJANGO_SETTINGS_MODULE=velory.settings
RUN useradd --system --uid 10001 --home-dir /velory velory && install -d -o velory /files
COPY --from=build /velory /velory
WORKDIR /velory
USER velory
VOLUME /files
EXPOSE 8000
CMD ["gunicorn", "velory.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--threads", "8", "--no-control-socket"]
